"""Posts journal entries into Folio, an ERP with vouchers over JSON.

Postern starts this program and speaks to it in lines of JSON: see docs/process-adapters.md.
Python 3.9 or later, standard library only.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

PROTOCOL = 1
CAPABILITIES = ["findsPostings", "readsBooks", "readsPeriods"]
# The same as in adapter.yaml: Postern compares the two before it sends anything.
DESCRIPTOR = {
    "batchSize": 20,
    "maximumLines": 999,
    "idempotency": "uniqueKey",
    "keyLength": 16,
    "quietSeconds": 5,
    "functionalAmounts": True,
    "decimals": 2,
    "debris": "none",
}

# What Folio's codes mean: class of the rejection.
CLASSES = {
    "PERIOD_CLOSED": "periodClosed",
    "NO_ACCOUNT": "unknownAccount",
    "NO_PARTY": "unknownParty",
    "FORBIDDEN": "permission",
}
SECONDS_TO_WAIT = 15


class NotSent(Exception):
    """Nothing reached the ERP."""


class Lost(Exception):
    """Something left, and no answer that can be read came back."""


class Refused(Exception):
    """The ERP answered, and said no."""

    def __init__(self, status, body, retry_after):
        super().__init__(body.get("message", "no reason given"))
        self.status = status
        self.code = body.get("code")
        self.retry_after = retry_after


def ask(call, method, path, body=None):
    """One request, sent once: only Postern repeats."""
    request = urllib.request.Request(
        call["settings"]["url"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": "Bearer " + call["secrets"].get("token", ""),
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as answer:
            return json.loads(answer.read(1 << 24))
    except urllib.error.HTTPError as error:
        raise refusal(error) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ConnectionRefusedError):
            raise NotSent("connection refused") from None
        raise Lost(str(error.reason)) from None
    except (OSError, ValueError) as error:
        raise Lost(type(error).__name__) from None


def refusal(error):
    try:
        body = json.loads(error.read(1 << 16))
    except (OSError, ValueError):
        body = {}
    if not isinstance(body, dict):
        body = {}
    wait = error.headers.get("Retry-After", "")
    return Refused(error.code, body, int(wait) if wait.isdigit() else None)


def cents(amount):
    """`1190.00` in units of Folio, which has two decimals for every currency; exact or refused."""
    units, _, decimals = amount.partition(".")
    if len(decimals.rstrip("0")) > 2:
        raise ValueError(f"{amount} has more than two decimals")
    return int(units + decimals[:2].ljust(2, "0"))


def voucher(key, entry):
    year, month, day = entry["postingDate"].split("-")
    return {
        "ref": key,
        "date": f"{day}.{month}.{year}",
        "currency": entry["currency"],
        "text": entry["reference"],
        "rows": [
            {
                "account": line["account"],
                "dc": "D" if line["side"] == "debit" else "C",
                "cents": cents(line["amount"]),
                "base_cents": cents(line["functionalAmount"]),
                "party": line.get("party"),
            }
            for line in entry["lines"]
        ],
    }


def submit(call):
    return {"outcomes": [outcome(call, item) for item in call["entries"]]}


def outcome(call, item):
    verdict = {"key": item["key"]}
    try:
        body = voucher(item["key"], item["entry"])
    except ValueError as error:
        return verdict | {"outcome": "rejected", "class": "validation", "text": str(error)}
    try:
        answer = ask(call, "POST", "/vouchers", body)
    except NotSent as error:
        return verdict | {"outcome": "retryLater", "text": str(error)}
    except Lost as error:
        return verdict | {"outcome": "unknown", "text": str(error)}
    except Refused as error:
        return verdict | said_no(error)
    number = answer.get("voucher") if isinstance(answer, dict) else None
    if not number or answer.get("ref") != item["key"]:
        return verdict | {"outcome": "unknown", "text": "the answer names no voucher of ours"}
    return verdict | {"outcome": "posted", "number": str(number), "id": str(number)}


def said_no(error):
    words = {"status": error.status, "code": error.code, "text": str(error)}
    if error.status == 409:
        # The reference is there already: the look-up says whose voucher it is.
        return words | {"outcome": "unknown"}
    if error.status in (401, 429) or error.status == 503 and error.retry_after is not None:
        return words | {"outcome": "retryLater", "afterSeconds": error.retry_after or 30}
    if error.status in (400, 403, 422):
        return words | {"outcome": "rejected", "class": CLASSES.get(error.code, "validation")}
    return words | {"outcome": "unknown"}


def find(call):
    key = call["key"]
    try:
        found = ask(call, "GET", "/vouchers?ref=" + urllib.parse.quote(key))["vouchers"]
    except (NotSent, Lost, Refused, KeyError, TypeError) as error:
        return {"finding": "cannotTell", "text": str(error)}
    if not found:
        return {"finding": "absent"}
    if len(found) > 1 or found[0].get("ref") != key:
        return {"finding": "cannotTell", "text": "the look-up gave other vouchers"}
    number = str(found[0]["voucher"])
    return {"finding": "found", "number": number, "id": number}


def check(call):
    try:
        ask(call, "GET", "/ping")
        return {"problems": []}
    except (NotSent, Lost, Refused) as error:
        return {"problems": [{"detail": f"Folio does not answer: {error}",
                              "fix": "Check 'url' and 'token' of the connection"}]}


def periods(call):
    closed = set(ask(call, "GET", "/periods")["closed"])
    return {"periods": {p: "closed" if p in closed else "open" for p in call["periods"]}}


def read_books(call):
    answer = ask(call, "GET", "/vouchers?period=" + urllib.parse.quote(call["period"]))
    return {"postings": [posting(item) for item in answer["vouchers"]], "next": None}


def posting(item):
    day, month, year = item["date"].split(".")
    return {
        "number": str(item["voucher"]),
        "key": item["ref"],
        "date": f"{year}-{month}-{day}",
        "currency": item["currency"],
        "lines": [
            {
                "account": row["account"],
                "side": "debit" if row["dc"] == "D" else "credit",
                "amount": amount(row["cents"], item["currency"]),
            }
            for row in item["rows"]
        ],
    }


# Currencies that do not have two decimals, as far as Folio's books hold them.
DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "BHD": 3, "KWD": 3, "TND": 3}


def amount(units, currency):
    places = DECIMALS.get(currency, 2)
    if places == 0:
        return str(units // 100)
    text = f"{units // 100}.{units % 100:02d}"
    return text + "0" * (places - 2)


def hello(call):
    return {"protocol": PROTOCOL, "name": "folio", "version": "1.0",
            "capabilities": CAPABILITIES, "descriptor": DESCRIPTOR}


METHODS = {"hello": hello, "check": check, "submit": submit, "find": find, "periods": periods,
           "readBooks": read_books}


def main():
    for line in sys.stdin:
        call = json.loads(line)
        try:
            answer = {"result": METHODS[call["method"]](call)}
        except Exception as error:  # One call may fail, the program goes on.
            answer = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
