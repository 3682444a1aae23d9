"""The PyPI package `pybankid` 1.5.0, as published, over mutual TLS: only its URL and CA are changed."""

import asyncio
import base64
import importlib.metadata
import re
import tempfile
import time
import unittest
from urllib.parse import urljoin

import httpx
from bankid import BankIDAsyncClient, BankIDClient
from bankid.certs import get_test_cert_and_key
from bankid.certutils import create_bankid_test_server_cert_and_key, split_certificate
from bankid.exceptions import AlreadyInProgressError, BankIDError, InvalidParametersError

from simulator import Simulator

IP = "203.0.113.25"
TEXT = "Jag godk\u00e4nner k\u00f6p av 2 biljetter."

# A scenario that needs more collects than this hangs.
MAX_COLLECTS = 20


def point_at(client, simulator):
    """The client writes BankID's own addresses and CA itself, so they are changed where it keeps them."""
    client.api_url = f"{simulator.https}/rp/v6.0/"
    for name in ["auth", "phone_auth", "sign", "phone_sign", "collect", "cancel"]:
        setattr(client, f"_{name}_endpoint", urljoin(client.api_url, name.replace("_", "/")))
    client.ctx.load_verify_locations(simulator.ca)
    return client


def follow(client, order):
    """Collects until the order is final; the client leaves the pace to its caller."""
    for _ in range(MAX_COLLECTS):
        answer = client.collect(order["orderRef"])
        if answer["status"] != "pending":
            return answer
    raise AssertionError(f"still pending after {MAX_COLLECTS} collects: {answer}")


class PublishedClient(unittest.TestCase):
    def test_is_the_published_one(self):
        self.assertEqual(importlib.metadata.version("pybankid"), "1.5.0")


class WithSimulator(unittest.TestCase):
    ARGS = ()

    @classmethod
    def setUpClass(cls):
        cls.simulator = Simulator(*cls.ARGS)
        cls.addClassCleanup(cls.simulator.stop)

    def certificates(self):
        return (self.simulator.rp["certificate"], self.simulator.rp["key"])

    def client(self, certificates=None):
        client = point_at(BankIDClient(certificates or self.certificates(), test_server=True), self.simulator)
        self.addCleanup(client.client.close)
        return client

    def folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name


class DefaultScenario(WithSimulator):
    def test_logs_in(self):
        client = self.client()
        order = client.authenticate(end_user_ip=IP)
        code = client.generate_qr_code_content(order["qrStartToken"], time.time(), order["qrStartSecret"])
        self.assertRegex(code, r"^bankid\.[0-9a-f-]{36}\.0\.[0-9a-f]{64}$")

        answer = follow(client, order)
        self.assertEqual((answer["orderRef"], answer["status"]), (order["orderRef"], "complete"))
        self.assertEqual(
            answer["completionData"]["user"],
            {"personalNumber": "191212121212", "name": "Tolvan Tolvansson", "givenName": "Tolvan", "surname": "Tolvansson"},
        )
        self.assertEqual(answer["completionData"]["device"]["ipAddress"], IP)

    def test_signs_and_the_signature_holds_the_text(self):
        client = self.client()
        answer = follow(client, client.sign(end_user_ip=IP, user_visible_data=TEXT))
        xml = base64.b64decode(answer["completionData"]["signature"]).decode()
        shown = re.search(r"<usrVisibleData[^>]*>([^<]*)</usrVisibleData>", xml).group(1)
        self.assertEqual(base64.b64decode(shown).decode(), TEXT)

    def test_logs_in_and_signs_during_a_call(self):
        client = self.client()
        login = client.phone_authenticate("199908072391", "RP")
        answer = follow(client, login)
        self.assertEqual(answer["completionData"]["user"]["personalNumber"], "199908072391")
        self.assertEqual(follow(client, client.phone_sign("199908072391", "user", TEXT))["status"], "complete")

    def test_logs_in_asynchronously(self):
        async def login():
            client = point_at(BankIDAsyncClient(self.certificates(), test_server=True), self.simulator)
            async with client.client:
                order = await client.authenticate(end_user_ip=IP)
                for _ in range(MAX_COLLECTS):
                    answer = await client.collect(order["orderRef"])
                    if answer["status"] != "pending":
                        return answer["status"]
            return "still pending"

        self.assertEqual(asyncio.run(login()), "complete")

    def test_cancels_and_the_order_is_gone(self):
        client = self.client()
        order = client.authenticate(end_user_ip=IP)
        self.assertTrue(client.cancel(order["orderRef"]))
        with self.assertRaisesRegex(InvalidParametersError, "No such order"):
            client.collect(order["orderRef"])

    def test_is_told_that_an_order_is_in_progress(self):
        client = self.client()
        requirement = {"personalNumber": "200211242383"}
        order = client.authenticate(end_user_ip=IP, requirement=requirement)
        with self.assertRaisesRegex(AlreadyInProgressError, "Order already in progress for pno"):
            client.authenticate(end_user_ip=IP, requirement=requirement)
        self.assertEqual(follow(client, order)["hintCode"], "cancelled")

    def test_logs_in_with_the_split_p12_of_the_simulator(self):
        split = split_certificate(self.simulator.rp["pfx"], self.folder(), self.simulator.rp["passphrase"])
        client = self.client(split)
        self.assertEqual(follow(client, client.authenticate(end_user_ip=IP))["status"], "complete")

    def test_does_not_read_the_legacy_pfx_as_openssl_3_does_not(self):
        with self.assertRaisesRegex(BankIDError, "(?i)unsupported|RC2-40-CBC"):
            split_certificate(self.simulator.rp["legacyPfx"], self.folder(), self.simulator.rp["passphrase"])

    def test_logs_in_with_both_test_certificates_of_bankid_that_the_package_carries(self):
        current = [str(path) for path in get_test_cert_and_key()]
        earlier = create_bankid_test_server_cert_and_key(self.folder())
        for certificates in [current, earlier]:
            client = self.client(certificates)
            self.assertEqual(follow(client, client.authenticate(end_user_ip=IP))["status"], "complete")

    def test_does_not_trust_the_simulator_without_its_ca(self):
        client = BankIDClient(self.certificates(), test_server=True)
        self.addCleanup(client.client.close)
        client._auth_endpoint = f"{self.simulator.https}/rp/v6.0/auth"
        with self.assertRaisesRegex(httpx.ConnectError, "CERTIFICATE_VERIFY_FAILED"):
            client.authenticate(end_user_ip=IP)


class UserCancels(WithSimulator):
    ARGS = ("--scenario", "userCancel")

    def test_sees_that_the_user_cancelled(self):
        client = self.client()
        for order in [client.authenticate(end_user_ip=IP), client.sign(end_user_ip=IP, user_visible_data=TEXT)]:
            answer = follow(client, order)
            self.assertEqual((answer["status"], answer["hintCode"]), ("failed", "userCancel"))
