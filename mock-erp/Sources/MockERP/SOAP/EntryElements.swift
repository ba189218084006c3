import XMLTree

extension EntryDraft {
  /// Reads a `JournalEntry`.
  init(_ element: XMLElement) throws(Trouble) {
    let parts = try ElementSequence(
      element,
      [
        .one("ExternalKey"), .one("PostingDate"), .optional("DocumentDate"), .one("Currency"),
        .one("FunctionalCurrency"), .optional("Number"), .optional("Reference"),
        .optional("Description"), .many("Line"),
      ])
    var lines: [LineDraft] = []
    for line in parts.all("Line") { lines.append(try LineDraft(line)) }
    self.init(
      externalKey: parts.text("ExternalKey"), postingDate: parts.token("PostingDate"),
      documentDate: parts.optionalToken("DocumentDate"), currency: parts.token("Currency"),
      functionalCurrency: parts.token("FunctionalCurrency"), number: parts.optionalText("Number"),
      reference: parts.optionalText("Reference"), description: parts.optionalText("Description"),
      lines: lines)
  }
}

extension LineDraft {
  fileprivate init(_ element: XMLElement) throws(Trouble) {
    let parts = try ElementSequence(
      element,
      [
        .one("Account"), .one("Side"), .one("Amount"), .one("FunctionalAmount"),
        .optional("Party"), .optional("Tax"), .any("Dimension"), .optional("Description"),
      ])
    var tax: TaxDraft?
    if let element = parts.all("Tax").first {
      let parts = try ElementSequence(
        element, [.one("Code"), .optional("Rate"), .optional("Base")])
      tax = TaxDraft(
        code: parts.text("Code"), rate: parts.optionalToken("Rate"),
        base: parts.optionalToken("Base"))
    }
    var dimensions: [String: String] = [:]
    for element in parts.all("Dimension") {
      let parts = try ElementSequence(element, [.one("Name"), .one("Value")])
      let name = parts.text("Name")
      guard dimensions.updateValue(parts.text("Value"), forKey: name) == nil else {
        throw Trouble(
          status: 400, code: "malformed",
          message: "Line \(element.line): the dimension \(name) comes twice")
      }
    }
    self.init(
      account: parts.text("Account"), side: parts.token("Side"), amount: parts.token("Amount"),
      functionalAmount: parts.token("FunctionalAmount"), party: parts.optionalText("Party"),
      tax: tax, dimensions: dimensions, description: parts.optionalText("Description"))
  }
}

extension Verdict {
  /// The `Result` of one entry.
  func element(key: String) -> XMLElement {
    var children = [XMLElement.own("ExternalKey", key)]
    switch self {
    case .posted(let booking):
      children.append(.own("Status", "posted"))
      children += booking.elements
    case .repeated(let booking):
      children += [.own("Status", "posted"), .own("Duplicate", "true")]
      children += booking.elements
    case .refused(let refusal):
      children += [
        .own("Status", "rejected"), .own("Code", refusal.code), .own("Message", refusal.message),
      ]
      if let field = refusal.field { children.append(.own("Field", field)) }
    }
    return .own("Result", children)
  }
}

extension Booking {
  fileprivate var elements: [XMLElement] {
    [.own("Id", id), .own("Number", number), .own("PostedAt", Timestamp.text(postedAt))]
  }
}

extension BookedEntry {
  /// The `JournalEntry` as it is read back.
  var element: XMLElement {
    var children = booking.elements
    children += [
      .own("ExternalKey", content.externalKey), .own("PostingDate", content.postingDate),
      .own("DocumentDate", content.documentDate), .own("Currency", content.currency),
      .own("FunctionalCurrency", content.functionalCurrency),
    ]
    if let reference = content.reference { children.append(.own("Reference", reference)) }
    if let description = content.description {
      children.append(.own("Description", description))
    }
    for line in content.lines {
      children.append(
        line.element(
          decimals: content.decimals, functionalDecimals: content.functionalDecimals))
    }
    return .own("JournalEntry", children)
  }
}

extension BookedLine {
  fileprivate func element(decimals: Int, functionalDecimals: Int) -> XMLElement {
    var children: [XMLElement] = [
      .own("Account", account), .own("Side", side.rawValue),
      .own("Amount", ExactAmount.text(amount, decimals: decimals)),
      .own("FunctionalAmount", ExactAmount.text(functionalAmount, decimals: functionalDecimals)),
    ]
    if let party { children.append(.own("Party", party)) }
    if let tax {
      var parts = [XMLElement.own("Code", tax.code)]
      if let rate = tax.rate { parts.append(.own("Rate", rate)) }
      if let base = tax.base { parts.append(.own("Base", base)) }
      children.append(.own("Tax", parts))
    }
    for (name, value) in dimensions.sorted(by: { $0.key < $1.key }) {
      children.append(.own("Dimension", [.own("Name", name), .own("Value", value)]))
    }
    if let description { children.append(.own("Description", description)) }
    return .own("Line", children)
  }
}

extension MockBooks.CompanyCard {
  /// The content of a `GetCompanyResponse`.
  func elements(batchLimit: Int) -> [XMLElement] {
    var children: [XMLElement] = [.own("Code", code), .own("Name", name ?? code)]
    if let functionalCurrency { children.append(.own("FunctionalCurrency", functionalCurrency)) }
    children += [
      .own("AcceptsAnyAccount", String(acceptsAnyAccount)),
      .own("AcceptsAnyParty", String(acceptsAnyParty)), .own("BatchLimit", String(batchLimit)),
    ]
    return children
  }
}
