/// A company's journal as JSON, page by page, so that big books need little memory.
actor JournalStream {
  private static let pageSize = 500

  private let books: MockBooks
  private let company: String
  private let period: String?
  /// nil when the end was written.
  private var position: Int? = 0

  init(books: MockBooks, company: String, period: String?) {
    self.books = books
    self.company = company
    self.period = period
  }

  /// The next piece; nil after the last.
  func next() async -> [UInt8]? {
    guard let position else { return nil }
    let page = await books.page(
      of: company, period: period, from: position, limit: Self.pageSize)
    var out: [UInt8] = []
    if position == 0 {
      out += Array("{\"company\":".utf8)
      JSONText.string(company).write(into: &out)
      out += Array(",\"entries\":[".utf8)
    }
    for (index, entry) in page.entries.enumerated() {
      if position + index > 0 { out.append(UInt8(ascii: ",")) }
      entry.journalJSON.write(into: &out)
    }
    if page.next == nil { out += Array("]}".utf8) }
    self.position = page.next
    return out
  }
}

extension BookedEntry {
  fileprivate var journalJSON: JSONText {
    .object([
      ("number", .string(number)), ("id", .string(id)),
      ("externalKey", .string(content.externalKey)), ("date", .string(content.postingDate)),
      ("documentDate", .string(content.documentDate)), ("currency", .string(content.currency)),
      ("functionalCurrency", .string(content.functionalCurrency)),
      ("reference", .optional(content.reference)),
      ("description", .optional(content.description)),
      ("postedAt", .string(Timestamp.text(postedAt))), ("lines", .array(content.lineMembers)),
    ])
  }
}
