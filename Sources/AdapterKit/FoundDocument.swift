public import Ledger

/// What an ERP shows of a document when it is asked by our key.
public struct FoundDocument: Hashable, Sendable {
  public var key: String?
  public var id: String?
  public var number: String?
  public var postedAt: Moment?
  /// False for drafts and jobs.
  public var isPosted: Bool

  public init(
    key: String?, id: String?, number: String?, postedAt: Moment? = nil, isPosted: Bool = true
  ) {
    self.key = key
    self.id = id
    self.number = number
    self.postedAt = postedAt
    self.isPosted = isPosted
  }
}

extension Finding {
  /// What a complete answer of the ERP to a look-up says: `absent` only when it is empty, `found` only
  /// when it is one posted document with our key.
  public init(_ documents: [FoundDocument], for key: PostingKey) {
    guard documents.allSatisfy({ $0.key == key.text }) else {
      self = .cannotTell(
        .lookUpUnclear("The look-up of \(key) gave documents with other keys: it did not filter"))
      return
    }
    guard let document = documents.first else {
      self = .absent
      return
    }
    guard documents.count == 1 else {
      let numbers = documents.compactMap(\.number).joined(separator: ", ")
      self = .cannotTell(
        .bookedTwice("The ERP holds \(documents.count) documents with key \(key): \(numbers)"))
      return
    }
    guard document.isPosted, let number = document.number, !number.isEmpty else {
      self = .cannotTell(.lookUpUnclear("The ERP's document with key \(key) is not posted"))
      return
    }
    self = .found(
      Receipt(id: document.id ?? number, number: number, postedAt: document.postedAt))
  }
}

extension Problem {
  public static let bookedTwiceCode = "booked_twice"

  /// A look-up that shows more than one document under one key.
  public static func bookedTwice(_ detail: String) -> Problem {
    Problem(
      code: bookedTwiceCode, detail: detail,
      fix: "Reverse all but one in the ERP, then resolve the exception with the number that stays")
  }

  /// A look-up whose answer is neither found nor absent.
  public static func lookUpUnclear(_ detail: String) -> Problem {
    Problem(
      code: "look_up_unclear", detail: detail, fix: "Look the key up in the ERP, and decide")
  }
}
