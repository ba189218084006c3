public import AdapterKit
import HTTPAdapterKit
import HTTPTransport
import Ledger

extension DeclarativeDefinition {
  /// Reads a definition and tries its templates on sample entries.
  ///
  /// - Parameters:
  ///   - settings: the content of `adapter.yaml`.
  ///   - files: the texts beside it by name, for bodies.
  ///   - samples: entries that every template must take.
  /// - Throws: ``SettingsFault`` with everything that is wrong, by file and line.
  public init(
    _ name: String, settings: AdapterSettings, files: [String: String], samples: [Submission]
  ) throws(SettingsFault) {
    var reader = DefinitionReader(SettingsReader(settings), files: files)
    self = reader.definition(name)
    try reader.reader.finish(knownKeys: DefinitionReader.keys)
    let problems = Rehearsal(definition: self, samples: samples).problems
    guard problems.isEmpty else { throw SettingsFault(problems) }
  }
}

/// Reads `adapter.yaml`.
struct DefinitionReader {
  static let keys: Set<String> = [
    "kind", "summary", "format", "descriptor", "parameters", "auth", "headers", "check", "submit",
    "batch", "find", "periods", "readBack", "errors",
  ]

  var reader: SettingsReader
  let files: [String: String]
  private var format = BodyFormat.json

  init(_ reader: SettingsReader, files: [String: String]) {
    self.reader = reader
    self.files = files
  }

  mutating func definition(_ name: String) -> DeclarativeDefinition {
    format = reader.value(or: .json) { settings throws(Problem) in
      try settings.choice("format", default: BodyFormat.json)
    }
    var traits = reader.below("descriptor", knownKeys: DescriptorReader.keys) { below in
      DescriptorReader.read(&below, name: name)
    }
    traits.summary = reader.optionalText("summary") ?? "Declared in adapters/\(name)"
    let submit = section("submit", DefinitionReader.submitKeys) { reader, this in
      DeclarativeDefinition.Submit(
        request: this.request(&reader), rule: this.rule(&reader))
    }
    if submit == nil { _ = reader.text("submit") }
    let auth = reader.value(or: reader.settings) { settings throws(Problem) in
      try settings.table("auth")
    }
    var definition = DeclarativeDefinition(
      name: name, traits: traits, auth: auth,
      submit: submit
        ?? DeclarativeDefinition.Submit(
          request: .none(at: reader.settings.place),
          rule: SubmitRule(number: AnswerSource(path: "")))
    )
    definition.parameters = parameters()
    definition.headers = reader.value(or: [:]) { settings throws(Problem) in
      try settings.plainHeaders()
    }
    definition.rows = OutcomeTable.rows(in: &reader)
    readOptional(&definition)
    return definition
  }

  private mutating func readOptional(_ definition: inout DeclarativeDefinition) {
    definition.check = section("check", ["request", "where"]) { reader, this in
      DeclarativeDefinition.Check(
        request: this.request(&reader), condition: reader.condition("where") ?? AnswerCondition())
    }
    let batchKeys = DefinitionReader.submitKeys.union(["results"])
    definition.batch = section("batch", batchKeys) { reader, this in
      DeclarativeDefinition.Batch(
        request: this.request(&reader), rule: this.rule(&reader), results: reader.path("results"))
    }
    definition.find = section("find", DefinitionReader.findKeys) { reader, this in
      DeclarativeDefinition.LookUp(
        request: this.request(&reader), condition: reader.condition("where") ?? AnswerCondition(),
        items: this.items(&reader), key: reader.path("key"), number: reader.path("number"),
        id: reader.optionalPath("id"),
        posted: reader.condition("posted") ?? AnswerCondition(),
        absent: reader.statuses("absent", default: []), more: reader.optionalPath("more"))
    }
    definition.periods = section("periods", ["request", "status", "open", "closed"]) {
      reader, this in
      DeclarativeDefinition.Periods(
        request: this.request(&reader), status: reader.path("status"),
        open: Set(reader.texts("open")), closed: Set(reader.texts("closed")))
    }
    definition.books = section("readBack", DefinitionReader.bookKeys) { reader, this in
      this.books(&reader)
    }
  }

  static let findKeys: Set = [
    "request", "where", "items", "key", "number", "id", "posted", "absent", "more",
  ]
  static let submitKeys: Set<String> = [
    "request", "status", "posted", "rejected", "duplicate", "number", "id", "key", "code", "text",
    "field",
  ]
  static let bookKeys: Set<String> = [
    "request", "items", "number", "key", "date", "currency", "lines", "account", "side", "debitIs",
    "amount", "debit", "credit", "signedAmount", "dateFormat", "amountFormat", "next",
  ]

  private mutating func parameters() -> [String: String?] {
    let names = reader.value(or: nil) { settings throws(Problem) in
      try settings.table("parameters")
    }
    guard let names else { return [:] }
    var result: [String: String?] = [:]
    for name in names.keys { result[name] = .some(names.value(name)?.text) }
    return result
  }

  /// Reads a section with a reader of its own; nil when it is absent.
  private mutating func section<Value>(
    _ key: String, _ keys: Set<String>,
    _ read: (inout SettingsReader, inout DefinitionReader) -> Value
  ) -> Value? {
    guard reader.settings.value(key) != nil else { return nil }
    var this = self
    return reader.below(key, knownKeys: keys) { read(&$0, &this) }
  }

  private func rule(_ reader: inout SettingsReader) -> SubmitRule {
    var rule = SubmitRule(
      number: reader.source("number", isRequired: true) ?? AnswerSource(path: ""))
    rule.statuses = reader.statuses("status", default: rule.statuses)
    rule.posted = reader.condition("posted") ?? AnswerCondition()
    rule.rejected = reader.condition("rejected")
    rule.duplicate = reader.condition("duplicate")
    rule.id = reader.source("id")
    rule.key = reader.source("key")
    rule.refusal = RefusalRule(
      code: reader.optionalPath("code"), text: reader.optionalPath("text"),
      field: reader.optionalPath("field"))
    return rule
  }

  private func books(_ reader: inout SettingsReader) -> DeclarativeDefinition.Books {
    let amount: DeclarativeDefinition.Books.Amount
    if let signed = reader.optionalPath("signedAmount") {
      amount = .signed(signed)
    } else if reader.settings.value("debit") != nil {
      amount = .columns(debit: reader.path("debit"), credit: reader.path("credit"))
    } else {
      amount = .sided(
        side: reader.path("side"), debit: Set(reader.texts("debitIs", default: ["debit"])),
        amount: reader.path("amount"))
    }
    return DeclarativeDefinition.Books(
      request: request(&reader), items: reader.path("items"), number: reader.path("number"),
      key: reader.path("key"), date: reader.path("date"), currency: reader.path("currency"),
      lines: reader.path("lines"), account: reader.path("account"), amount: amount,
      dateFormat: reader.value(or: .iso) { settings throws(Problem) in
        try settings.choice("dateFormat", default: DateFormat.iso)
      },
      amountFormat: reader.value(or: .point) { settings throws(Problem) in
        try settings.choice("amountFormat", default: AmountFormat.point)
      }, next: reader.optionalPath("next"))
  }

  /// Where the list of a look-up stands. In XML an empty list is nothing at all: under the root, which
  /// every answer has, an error would look the same.
  private func items(_ reader: inout SettingsReader) -> String {
    let path = reader.path("items")
    if format == .xml, path.split(separator: "/").count < 3,
      reader.settings.value("where") == nil
    {
      reader.report(
        Problem(
          code: "missing_key", pointer: reader.settings.value("items")?.place ?? "",
          detail:
            "'where' is missing in \(reader.settings.owner): an answer with an error in it would "
            + "be an empty list at \(path)",
          fix: "Write what a good answer says, as where: { /Answer/status: ok }"))
    }
    return path
  }

  /// `request: { method, path, headers, body, contentType }`; the body is a file beside the definition,
  /// or the text itself when it has tags.
  private func request(_ reader: inout SettingsReader) -> RequestTemplate {
    reader.below(
      "request", knownKeys: ["method", "path", "headers", "body", "contentType", "escape"]
    ) { reader in
      let place = reader.settings.value("path")?.place ?? reader.settings.place
      let path = template(reader.text("path"), .percent, place, &reader)
      let body = body(&reader)
      let headers = reader.value(or: [:]) { settings throws(Problem) in
        try settings.plainHeaders()
      }
      let method = reader.optionalText("method") ?? (body == nil ? "GET" : "POST")
      return RequestTemplate(
        method: HTTPMethod(rawValue: method), path: path,
        headers: headers.map { ($0.name, template($0.value, .fixedWidth, place, &reader)) },
        body: body, contentType: reader.optionalText("contentType") ?? format.contentType)
    }
  }

  private func body(_ reader: inout SettingsReader) -> TextTemplate? {
    guard let text = reader.optionalText("body") else { return nil }
    let place = reader.settings.value("body")?.place ?? reader.settings.place
    let escaping = Escaping(format)
    if text.contains("{{") { return template(text, escaping, place, &reader) }
    guard let content = files[text] else {
      reader.report(
        Problem(
          code: "missing_file", pointer: place,
          detail: "The body '\(text)' of \(reader.settings.owner) is not there",
          fix: "Put the file beside adapter.yaml, or write the body here"))
      return nil
    }
    let folder = reader.settings.place.prefix(while: { $0 != ":" }).split(separator: "/").dropLast()
    let file = (folder + [Substring(text)]).joined(separator: "/")
    return template(content, escaping, file, &reader)
  }

  private func template(
    _ text: String, _ escaping: Escaping, _ place: String, _ reader: inout SettingsReader
  ) -> TextTemplate {
    do throws(Problem) {
      return try TextTemplate(text, escaping: escaping, place: place)
    } catch {
      reader.report(error)
      return .empty
    }
  }
}

extension RequestTemplate {
  /// Stands in while everything that is wrong is collected.
  static func none(at place: String) -> RequestTemplate {
    RequestTemplate(method: .get, path: .empty, headers: [], body: nil, contentType: "")
  }
}
