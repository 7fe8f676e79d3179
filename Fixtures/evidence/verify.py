"""Reads signed statements with the tools that others verify with.

verify.py KEY.pub IMAGE-HEX FILE...    each FILE is a DSSE envelope; prints the predicate type of each.
"""

import json
import sys

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf.json_format import ParseDict
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey

# Of test results and verification summaries only the statement is read: version 0.9.3 declares the lists of tests and of
# verified levels, which the specifications have as lists of strings, as one string.
PREDICATES = {"https://slsa.dev/provenance/v1": provenance_pb2.Provenance}

key_file, image, *files = sys.argv[1:]
with open(key_file, "rb") as file:
    key = SSlibKey.from_crypto(load_pem_public_key(file.read()))
for name in files:
    with open(name, encoding="utf-8") as file:
        envelope = Envelope.from_dict(json.load(file))
    assert list(envelope.verify([key], 1)) == [key.keyid], name
    document = json.loads(envelope.payload)
    statement = Statement.copy_from_pb(ParseDict(document, statement_pb2.Statement()))
    statement.validate()
    assert document["subject"][0]["digest"]["sha256"] == image, name
    message = PREDICATES.get(document["predicateType"])
    if message:
        ParseDict(document["predicate"], message())
    print(document["predicateType"])
