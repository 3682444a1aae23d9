"""The released simulator, for tests."""

from program import Program


class Simulator(Program):
    """What `--json` says of it is in http, https, ca and rp."""

    def __init__(self, *args: str) -> None:
        super().__init__("bankid-simulator", "--tls-port", "0", *args)
        self.http, self.https = self.ready["http"], self.ready["https"]
        self.ca, self.rp = self.ready["ca"], self.ready["rp"]
