"""Uses the mock ERP's WSDLs with zeep, a SOAP client that knows nothing of it.

usage: soap_client.py MOCK-ERP FOLDER

FOLDER is made; zeep is installed into it once and kept.
"""
import json
import os
import subprocess
import sys
import urllib.request
from datetime import date
from decimal import Decimal
from pathlib import Path

PROGRAM, FOLDER = sys.argv[1], Path(sys.argv[2]).resolve()
PYTHON = FOLDER / "venv/bin/python"


def ensure_zeep():
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
        subprocess.run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "zeep~=4.3"],
            check=True)
    if Path(sys.prefix) != FOLDER / "venv":
        os.execv(PYTHON, [PYTHON, *sys.argv])


def expect(given, wanted):
    if given != wanted:
        sys.exit(f"FAILED: {given!r} instead of {wanted!r}")


def generic(zeep, address):
    client = zeep.Client(f"{address}/generic/soap?wsdl")
    line = {"Amount": "119.00", "FunctionalAmount": "119.00"}
    entry = {
        "ExternalKey": "Z1", "PostingDate": date(2026, 10, 31), "Currency": "EUR",
        "FunctionalCurrency": "EUR",
        "Line": [line | {"Account": "1200", "Side": "debit"},
                 line | {"Account": "4400", "Side": "credit"}]}
    results = client.service.PostJournalEntries(Company="DE01", JournalEntry=[entry])
    expect(results[0].Status, "posted")


def sap(zeep, address, port):
    path = "/sap/bc/srt/scs_ext/sap/journalentrycreaterequestconfi?wsdl"
    client = zeep.Client(address + path)
    service = client.bind("service", port)

    def amount(value):
        return {"_value_1": Decimal(value), "currencyCode": "EUR"}

    def request(key, revenue):
        return {
            "MessageHeader": {"ID": f"SUB-{key}", "CreationDateTime": "2026-03-31T09:15:00Z"},
            "JournalEntry": {
                "OriginalReferenceDocumentType": "BKPFF", "BusinessTransactionType": "RFBU",
                "AccountingDocumentType": "DR", "CreatedByUser": "POSTING", "CompanyCode": "1010",
                "DocumentDate": date(2026, 3, 31), "PostingDate": date(2026, 3, 31),
                "Reference1InDocumentHeader": key,
                "Item": [{"GLAccount": "41000000", "AmountInTransactionCurrency": amount(revenue),
                          "DebitCreditCode": "H"}],
                "DebtorItem": [{"ReferenceDocumentItem": "1", "Debtor": "10100001",
                                "AmountInTransactionCurrency": amount("119.00"),
                                "DebitCreditCode": "S"}]}}

    answer = service.JournalEntryCreateRequestConfirmation_In(
        MessageHeader={"ID": "MSG-1", "CreationDateTime": "2026-03-31T09:15:00Z"},
        JournalEntryCreateRequest=[request("Z1", "-119.00"), request("Z2", "-118.00")])
    numbers = [part.JournalEntryCreateConfirmation.AccountingDocument
               for part in answer.JournalEntryCreateConfirmation]
    expect(numbers[1], "0000000000")
    if int(numbers[0]) <= 0:
        sys.exit(f"FAILED: the number {numbers[0]!r}")
    note = answer.JournalEntryCreateConfirmation[1].Log.Item[-1].TypeID
    expect(note, "022(RW)")


def sap_ledger(zeep, address, port):
    """The service for ledger groups is one-way: what it booked, the cube shows."""
    path = "/sap/bc/srt/scs_ext/sap/journalentrybulkledgercreation?wsdl"
    service = zeep.Client(address + path).bind("service", port)
    key = "LEDGER-" + port[-6:].upper()

    def item(account, value, side):
        return {"GLAccount": account, "DebitCreditCode": side,
                "AmountInTransactionCurrency": {"_value_1": Decimal(value), "currencyCode": "EUR"}}

    service.JournalEntryBulkLedgerCreationRequest_In(
        MessageHeader={"ID": f"MSG-{key}", "CreationDateTime": "2026-03-31T09:15:00Z"},
        JournalEntryCreateRequest=[{
            "MessageHeader": {"ID": f"SUB-{key}", "CreationDateTime": "2026-03-31T09:15:00Z"},
            "JournalEntry": {
                "OriginalReferenceDocumentType": "BKPFF", "BusinessTransactionType": "RFBU",
                "AccountingDocumentType": "SA", "LedgerGroup": "2L", "DocumentReferenceID": key,
                "CreatedByUser": "POSTING", "CompanyCode": "1010",
                "DocumentDate": date(2026, 3, 31), "PostingDate": date(2026, 3, 31),
                "Item": [item("12100000", "119.00", "S"), item("41000000", "-119.00", "H")]}}])
    cube = ("/sap/opu/odata/sap/API_OPLACCTGDOCITEMCUBE_SRV/A_OperationalAcctgDocItemCube"
            f"?$filter=DocumentReferenceID%20eq%20'{key}'&$format=json")
    with urllib.request.urlopen(address + cube) as answer:
        rows = json.load(answer)["d"]["results"]
    expect([row["Ledger"] for row in rows], ["2L", "2L"])


def main():
    ensure_zeep()
    import zeep
    server = subprocess.Popen([PROGRAM, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().split()[-1]
        generic(zeep, address)
        for port in ("binding", "binding_SOAP12"):
            sap(zeep, address, port)
            sap_ledger(zeep, address, port)
    finally:
        server.terminate()
        server.wait()
    print("zeep reads the mock ERP's WSDLs, posts with them and understands the answers")


main()
