import AdapterKit
import SOAPTransport
import XMLTree

/// The names of the services Journal Entry – Post. Only the root is in the namespace: a child that is
/// in it is not understood.
enum SAPWire {
  static let namespace = "http://sap.com/xi/SAPSCORE/SFIN"
  static let prefix = "sfin"
  static let confirmation = XMLName("JournalEntryBulkCreateConfirmation", in: namespace)

  /// An element without a namespace; nil text leaves it out.
  static func part(_ name: String, _ text: String?) -> XMLElement? {
    text.map { XMLElement(XMLName(name), text: $0) }
  }

  static func group(_ name: String, _ parts: [XMLElement?]) -> XMLElement {
    XMLElement(XMLName(name), children: parts.compactMap { $0.map { .element($0) } })
  }

  /// An amount with its currency, negative for a credit.
  static func amount(_ name: String, _ text: String, _ currency: String) -> XMLElement {
    XMLElement(
      XMLName(name), attributes: [XMLAttribute(XMLName("currencyCode"), currency)], text: text)
  }
}

extension XMLElement {
  /// The text of a child without a namespace; nil when it is not there or blank.
  func sap(_ name: String) -> String? {
    guard let text = first(XMLName(name))?.trimmedText, !text.isEmpty else { return nil }
    return text
  }
}

/// What the service says about one entry.
struct SAPConfirmation: Hashable {
  /// One item of the log.
  struct Item: Hashable {
    /// Number and class: `102(F5)`.
    var type: String?
    /// 1 information, 2 warning, 3 error.
    var severity: Int
    var note: String
  }

  /// Repeats the id of our message.
  var reference: String
  /// nil where the answer has blanks or zeros for a number.
  var number: String?
  var company: String?
  var year: String?
  var log: [Item]
  /// The highest severity in the log, as it says itself.
  var highest: Int

  init(_ element: XMLElement) {
    reference =
      element.first([XMLName("MessageHeader"), XMLName("ReferenceID")])?.trimmedText ?? ""
    // The inner element has the name of the outer one.
    let inner = element.first(XMLName("JournalEntryCreateConfirmation"))
    number = inner?.sap("AccountingDocument").flatMap(Self.real)
    company = inner?.sap("CompanyCode")
    year = inner?.sap("FiscalYear").flatMap(Self.real)
    let log = element.first(XMLName("Log"))
    self.log = (log?.all(XMLName("Item")) ?? []).map { item in
      Item(
        type: item.sap("TypeID"), severity: item.sap("SeverityCode").flatMap { Int($0) } ?? 0,
        note: item.sap("Note") ?? "")
    }
    let stated = log?.sap("MaximumLogItemSeverityCode").flatMap { Int($0) } ?? 0
    highest = max(stated, self.log.map(\.severity).max() ?? 0)
  }

  static let error = 3

  var isError: Bool { highest >= Self.error }

  /// Errors without the heading that says only that there are some.
  var causes: [Item] {
    let errors = log.filter { $0.severity >= Self.error }
    let causes = errors.filter { $0.type != "609(RW)" }
    return causes.isEmpty ? errors : causes
  }

  private static func real(_ text: String) -> String? {
    text.allSatisfy { $0 == "0" || $0 == "$" } ? nil : text
  }
}

/// A document's number, its company and its fiscal year: only together are they one document.
struct SAPDocument: Hashable, Sendable {
  /// Without zeros in front, which some of SAP's ways out have and others lack.
  var number: String
  var company: String
  var year: String

  init(number: String, company: String, year: String) {
    self.number = String(number.drop { $0 == "0" })
    self.company = company
    self.year = year
  }

  static let numberLength = 10

  /// SAP's object key: number with its zeros, company and year.
  var objectKey: String {
    String(repeating: "0", count: max(0, Self.numberLength - number.count)) + number + company
      + year
  }

  /// Whether it has that number, with or without zeros in front.
  func isNumbered(_ text: String?) -> Bool {
    text.map { $0.drop { $0 == "0" } == number[...] } ?? false
  }

  var receipt: Receipt { Receipt(id: objectKey, number: number) }
}
