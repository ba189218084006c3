import XMLTree

/// The names of `generic-journal.wsdl`.
enum WireName {
  static let namespace = "urn:generic-erp:journal:1"
  static let prefix = "j"

  static func of(_ local: String) -> XMLName { XMLName(local, in: namespace) }
}

/// The operations of the service.
enum WireOperation: String {
  case postJournalEntries = "PostJournalEntries"
  case findJournalEntry = "FindJournalEntry"
  case getCompany = "GetCompany"

  var answer: XMLName { WireName.of(rawValue + "Response") }

  /// The request with its children.
  func element(_ children: [XMLElement]) -> XMLElement {
    XMLElement(WireName.of(rawValue), children: children.map { .element($0) })
  }
}

/// `Result`: the verdict on one entry.
struct WireResult: Hashable {
  var externalKey: String
  var status: String
  var isDuplicate: Bool
  var id: String?
  var number: String?
  var postedAt: String?
  var code: String?
  var message: String?
  var field: String?

  init(_ element: XMLElement) {
    externalKey = element.part("ExternalKey") ?? ""
    status = element.part("Status") ?? ""
    isDuplicate = ["true", "1"].contains(element.part("Duplicate"))
    id = element.part("Id")
    number = element.part("Number")
    postedAt = element.part("PostedAt")
    code = element.part("Code")
    message = element.part("Message")
    field = element.part("Field")
  }
}

extension XMLElement {
  /// The text of a child; nil when it is not there or empty.
  func part(_ local: String) -> String? {
    guard let text = first(WireName.of(local))?.trimmedText, !text.isEmpty else { return nil }
    return text
  }
}
