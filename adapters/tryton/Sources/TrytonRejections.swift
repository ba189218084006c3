import AdapterKit
import Ledger

/// What the company's books lack for an entry, found before anything was sent.
extension Rejection {
  static func noAccount(_ account: AccountCode, _ key: PostingKey) -> Rejection {
    unsent(
      .unknownAccount, key,
      "the company has no open account \(account) of its own")
  }

  static func noParty(_ party: String, _ key: PostingKey) -> Rejection {
    unsent(.unknownParty, key, "there is no party with the code \(party)")
  }

  static func partyWanted(_ account: AccountCode, _ key: PostingKey) -> Rejection {
    unsent(.unknownParty, key, "account \(account) wants a party, and the line has none")
  }

  static func noPeriod(_ date: CalendarDate, _ key: PostingKey) -> Rejection {
    unsent(.periodClosed, key, "the company has no period for \(date)")
  }

  static func noCurrency(_ currency: Currency, _ key: PostingKey) -> Rejection {
    unsent(.validation, key, "the ERP has no currency \(currency)")
  }

  static func otherCurrency(_ own: String, _ head: EntryHead, _ key: PostingKey) -> Rejection {
    unsent(
      .validation, key,
      "the company keeps its books in \(own), the entry is in \(head.functionalCurrency)")
  }

  private static func unsent(
    _ rejectionClass: Class, _ key: PostingKey, _ reason: String
  ) -> Rejection {
    Rejection(
      rejectionClass,
      Problem(
        code: rejectionClass.problemCode, detail: "Entry \(key) was not sent: \(reason)",
        fix: rejectionClass.fix))
  }
}

extension Problem {
  static func noJournal(_ code: String, connectionCompany company: String) -> Problem {
    Problem(
      code: "connection_misconfigured",
      detail: "The ERP of company '\(company)' has no journal with the code \(code)",
      fix: "Write the code of a journal under 'journal' or 'journals' of the connection")
  }
}
