import AdapterKit
import HTTPTransport
import Ledger

/// What `connections/<code>.yaml` says to this adapter.
struct NetSuiteSettings: Sendable {
  var url: String
  /// The internal id of the subsidiary.
  var company: String
  var authorization: NetSuiteAuthorization
  var form: PostingForm
  var naming: [NetSuiteReference.Kind: Naming]
  /// Internal ids by our codes; what is here is not asked for.
  var currencies: [String: String]
  var periods: [String: String]
  /// Our products and tax codes by the ERP's; `*` stands for any other.
  var items: [String: String]
  var taxCodes: [String: String]
  /// The field of a line that holds each of our dimensions.
  var dimensions: [String: NetSuiteField]
  /// What becomes of a dimension that no field is named for.
  var otherDimensions: OtherDimensions
  /// Fields of the record that carry a part of the entry's head.
  var customFields: [String: HeadPart]
  /// Sent with every record: `2` is approved.
  var approvalStatus: String?
  var customForm: String?
  var intercompany: Intercompany
  /// Internal ids of the subsidiaries of other legal entities.
  var partners: [String: String]
  var readsNumbers: Bool
  var isAsynchronous: Bool
  var keyField: KeyField
  var queries: NetSuiteQueries
  var rate: RatePlan
  var decimals: Int?
  var limits: SubmissionLimits
  var table: OutcomeTable
  var redaction: SecretRedaction

  /// What our codes are in the ERP.
  enum Naming: String, CaseIterable { case id, externalId, number }

  enum OtherDimensions: String, CaseIterable { case refuse, leaveOut }

  enum HeadPart: String, CaseIterable {
    case key, reference, description, document, documentDate, entity, kind
  }

  /// The record that an entry with intercompany lines becomes.
  enum Intercompany: String, CaseIterable { case journal, advanced }

  /// NetSuite's synchronous limit; it recommends 200.
  static let mostLines = 1_000
  /// The smallest pool of any account is five: one is left to the customer's other integrations.
  static let concurrency = 4
  /// After so long the ERP cuts a request off.
  static let quietPeriod = Duration.seconds(900)
  static let longestPrefix = 40

  /// - Throws: ``SettingsFault`` with everything that is wrong.
  init(_ settings: AdapterSettings, knownKeys: Set<String>) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    let url = reader.value(or: "") { settings throws(Problem) in try settings.baseURL() }
    self.url = url
    company = reader.value(or: "") { settings throws(Problem) in try settings.text("company") }
    var secrets: [String] = []
    (authorization, secrets) = reader.below("auth", knownKeys: NetSuiteAuthorization.knownKeys) {
      NetSuiteAuthorization.read(&$0, url: url)
    }
    form = PostingForm(&reader)
    naming = reader.below(
      "references", knownKeys: Set(NetSuiteReference.Kind.allCases.map(\.rawValue))
    ) { reader in
      NetSuiteReference.Kind.allCases.reduce(into: [:]) { naming, kind in
        naming[kind] = reader.value(or: .id) { settings throws(Problem) in
          try settings.choice(kind.rawValue, default: kind == .currencies ? .number : Naming.id)
        }
      }
    }
    func texts(_ key: String) -> [String: String] {
      reader.value(or: [:]) { settings throws(Problem) in try settings.texts(key) }
    }
    currencies = texts("currencies")
    periods = texts("periods")
    items = texts("items")
    taxCodes = texts("taxCodes")
    dimensions = texts("dimensions").mapValues { NetSuiteField($0) }
    partners = texts("partners")
    customFields = reader.value(or: [:]) { settings throws(Problem) in
      try settings.headParts("customFields")
    }
    otherDimensions = reader.value(or: .refuse) { settings throws(Problem) in
      try settings.choice("otherDimensions", default: OtherDimensions.refuse)
    }
    intercompany = reader.value(or: .journal) { settings throws(Problem) in
      try settings.choice("intercompany", default: Intercompany.journal)
    }
    func optional(_ key: String) -> String? {
      reader.value(or: nil) { settings throws(Problem) in try settings.optionalText(key) }
    }
    approvalStatus = optional("approvalStatus")
    customForm = optional("customForm")
    readsNumbers = reader.value(or: true) { settings throws(Problem) in
      try settings.boolean("readNumbers", default: true)
    }
    isAsynchronous = reader.value(or: false) { settings throws(Problem) in
      try settings.boolean("asynchronous", default: false)
    }
    keyField = KeyField(
      prefix: reader.value(or: "") { settings throws(Problem) in try settings.keyPrefix() })
    queries = reader.below("queries", knownKeys: NetSuiteQueries.knownKeys) {
      NetSuiteQueries(&$0)
    }
    rate = RatePlan(
      concurrency: reader.value(or: Self.concurrency) { settings throws(Problem) in
        try settings.integer("concurrency", default: Self.concurrency, in: 1...100)
      }, scope: .account)
    decimals = reader.value(or: nil) { settings throws(Problem) in
      settings.value("decimals") == nil
        ? nil : try settings.integer("decimals", default: 2, in: 0...8)
    }
    limits = SubmissionLimits(
      &reader,
      defaults: SubmissionLimits(
        batchSize: 1, maximumLines: Self.mostLines, timeout: .seconds(60),
        quietPeriod: Self.quietPeriod), largestBatch: 1)
    table = OutcomeTable(OutcomeTable.rows(in: &reader) + OutcomeTable.Row.netSuite)
    redaction = SecretRedaction(secrets)
    try reader.finish(knownKeys: knownKeys)
  }

  /// Which records a posting of ours may be, the likeliest first.
  var records: [NetSuiteRecord] {
    var records: [NetSuiteRecord] = [.journalEntry]
    if intercompany == .advanced { records.append(.advIntercompanyJournalEntry) }
    if form == .document { records += [.invoice, .creditMemo, .customerPayment] }
    return records
  }
}

/// A field of a line that holds a dimension.
///
/// `department`, `class` and `location` name records; `custcol_channel` holds a text, and
/// `custcol_channel.id` or `custcol_channel.externalId` an element of a list.
struct NetSuiteField: Hashable, Sendable {
  var name: String
  private var member: String?

  init(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
    name = parts.first ?? text
    member = parts.count > 1 ? parts[1] : nil
  }

  func value(_ code: String) -> NetSuiteValue {
    let kind: NetSuiteReference.Kind? =
      switch name {
      case "department": .departments
      case "class": .classes
      case "location": .locations
      default: nil
      }
    if let kind { return .reference(NetSuiteReference(kind: kind, code: code)) }
    guard let member else { return .text(code) }
    return .object([NetSuiteValue.Member(name: member, value: .text(code))])
  }
}

extension AdapterSettings {
  fileprivate func headParts(
    _ key: String
  ) throws(Problem) -> [String: NetSuiteSettings.HeadPart] {
    let table = try table(key)
    var parts: [String: NetSuiteSettings.HeadPart] = [:]
    for name in table.keys {
      parts[name] = try table.choice(name, default: NetSuiteSettings.HeadPart.reference)
    }
    return parts
  }

  /// External ids take letters, digits, `_` and `-`.
  fileprivate func keyPrefix() throws(Problem) -> String {
    let prefix = try optionalText("keyPrefix") ?? ""
    let isPlain = prefix.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
      default: false
      }
    }
    guard isPlain, prefix.utf8.count <= NetSuiteSettings.longestPrefix else {
      throw Problem(
        code: "wrong_type", pointer: value("keyPrefix")?.place ?? place,
        detail: "'keyPrefix' of connection \(connection) cannot begin an external id",
        fix: "Write at most \(NetSuiteSettings.longestPrefix) letters, digits, '-' and '_'")
    }
    return prefix
  }
}
