import Ledger

/// Reads the descriptor of an adapter that is not written in Swift: of its file, or of its handshake.
public enum DescriptorReader {
  public static let keys: Set<String> = [
    "entryKinds", "batchSize", "batchIsAtomic", "maximumLines", "idempotency", "keyLifetimeHours",
    "keyScope", "keyLength", "keyAlphabet", "keyPrefix", "quietSeconds", "functionalAmounts",
    "decimals", "currencies", "zeroAmounts", "taxMode", "reversal", "debris", "rate",
    "wantsDocuments",
  ]

  private static let largestBatch = 10_000
  private static let mostLines = 1_000_000

  public static func read(_ reader: inout SettingsReader, name: String) -> AdapterDescriptor {
    func integer(_ key: String, _ fallback: Int, _ range: ClosedRange<Int>) -> Int {
      reader.value(or: fallback) { settings throws(Problem) in
        try settings.integer(key, default: fallback, in: range)
      }
    }
    func flag(_ key: String, _ fallback: Bool) -> Bool {
      reader.value(or: fallback) { settings throws(Problem) in
        try settings.boolean(key, default: fallback)
      }
    }
    func choice<Choice: RawRepresentable & CaseIterable>(
      _ key: String, _ fallback: Choice
    ) -> Choice where Choice.RawValue == String {
      reader.value(or: fallback) { settings throws(Problem) in
        try settings.choice(key, default: fallback)
      }
    }
    var descriptor = AdapterDescriptor(
      name: name, summary: "", maximumBatchSize: integer("batchSize", 1, 1...largestBatch),
      batchIsAtomic: flag("batchIsAtomic", false),
      maximumLines: integer("maximumLines", 1_000, 2...mostLines),
      idempotency: choice("idempotency", .none), confirmation: .immediate,
      quietPeriod: .seconds(integer("quietSeconds", 60, 0...86_400)),
      carriesFunctionalAmounts: flag("functionalAmounts", false))
    let hours = integer("keyLifetimeHours", 0, 0...1_000_000)
    descriptor.keyMemory = AdapterDescriptor.KeyMemory(
      lifetime: hours == 0 ? nil : .seconds(hours * 3_600), scope: choice("keyScope", .company))
    let prefix =
      reader.value(or: nil) { settings throws(Problem) in
        try settings.optionalText("keyPrefix")
      } ?? ""
    let shortest = KeyField.shortest + prefix.count
    let length = integer("keyLength", PostingKey.length + prefix.count, shortest...1_000)
    descriptor.keyField = KeyField(
      length: length, alphabet: choice("keyAlphabet", .alphanumeric), prefix: prefix)
    let decimals = integer("decimals", 9, 0...9)
    descriptor.amounts = AmountLimits(
      decimals: decimals == 9 ? nil : decimals, currencies: currencies(&reader),
      takesZeroAmounts: flag("zeroAmounts", true))
    descriptor.taxMode = choice("taxMode", .asSent)
    descriptor.reversal = choice("reversal", .oppositeEntry)
    descriptor.debris = choice("debris", .none)
    descriptor.wantsDocuments = flag("wantsDocuments", false)
    descriptor.entryKinds = kinds(&reader)
    descriptor.rate = reader.below(
      "rate", knownKeys: ["concurrency", "perSecond", "perMinute", "perDay", "scope"]
    ) { reader in
      func limit(_ key: String) -> Int? {
        let limit = reader.value(or: 0) { settings throws(Problem) in
          try settings.integer(key, default: 0, in: 1...1_000_000_000)
        }
        return limit == 0 ? nil : limit
      }
      return RatePlan(
        concurrency: limit("concurrency"), perSecond: limit("perSecond"),
        perMinute: limit("perMinute"), perDay: limit("perDay"),
        scope: reader.value(or: .account) { settings throws(Problem) in
          try settings.choice("scope", default: RatePlan.Scope.account)
        })
    }
    return descriptor
  }

  private static func currencies(_ reader: inout SettingsReader) -> AmountLimits.Currencies {
    let texts = reader.texts("currencies", default: ["any"])
    switch texts {
    case ["any"]: return .any
    case ["functional"]: return .functional
    default:
      let known = texts.compactMap { Currency($0) }
      if known.count != texts.count, let value = reader.settings.value("currencies") {
        reader.report(
          reader.wrongType(value, "'currencies'", "any, functional, or codes of ISO 4217"))
      }
      return .only(Set(known))
    }
  }

  private static func kinds(_ reader: inout SettingsReader) -> Set<EntryKind> {
    let texts = reader.texts("entryKinds", default: EntryKind.allCases.map(\.rawValue))
    let known = texts.compactMap { EntryKind(rawValue: $0) }
    if known.count != texts.count, let value = reader.settings.value("entryKinds") {
      reader.report(
        reader.wrongType(
          value, "'entryKinds'",
          "kinds of entries: " + EntryKind.allCases.map(\.rawValue).joined(separator: ", ")))
    }
    return Set(known)
  }
}
