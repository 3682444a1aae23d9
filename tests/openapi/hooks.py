"""What the description says in words and JSON Schema cannot: how texts look once they are decoded."""

import base64
import re

import schemathesis
from schemathesis import GenerationMode


@schemathesis.hook
def before_call(_context, case, **_kwargs):
    if case.meta.generation.mode != GenerationMode.POSITIVE or not isinstance(case.body, dict):
        return
    body = case.body
    members = body["data"]["attributes"] if "data" in body else body
    text = members.get("userVisibleData")
    if not isinstance(text, str):
        return
    # A heading or table that is none is refused; what becomes of marks, core's own tests say.
    if members.get("userVisibleDataFormat") == "simpleMarkdownV1":
        text = re.sub("[^A-Za-z0-9]", "x", text)
    if members.get("userVisibleDataEncoding") == "base64":
        text = base64.b64encode(text.encode("utf-8", "replace")).decode()
    members["userVisibleData"] = text
