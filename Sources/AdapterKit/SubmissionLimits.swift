public import Ledger

/// How much an adapter sends at once and how long it waits: keys that most connections have.
public struct SubmissionLimits: Hashable, Sendable {
  /// `batchSize`: entries in one call.
  public var batchSize: Int
  /// `maximumLines` of one entry.
  public var maximumLines: Int
  /// `timeouts: { request: SECONDS }`.
  public var timeout: Duration
  /// `quietSeconds`: how long the far side may still work after we gave up waiting.
  public var quietPeriod: Duration

  public static let keys: Set<String> = ["batchSize", "maximumLines", "timeouts", "quietSeconds"]

  public init(
    batchSize: Int, maximumLines: Int = 200_000, timeout: Duration = .seconds(30),
    quietPeriod: Duration = .seconds(60)
  ) {
    self.batchSize = batchSize
    self.maximumLines = maximumLines
    self.timeout = timeout
    self.quietPeriod = quietPeriod
  }

  /// What the connection says, and `defaults` where it says nothing.
  public init(
    _ reader: inout SettingsReader, defaults: SubmissionLimits, largestBatch: Int,
    mostLines: Int = 1_000_000
  ) {
    self = defaults
    batchSize = reader.value(or: 1) { settings throws(Problem) in
      try settings.integer("batchSize", default: defaults.batchSize, in: 1...largestBatch)
    }
    maximumLines = reader.value(or: 2) { settings throws(Problem) in
      try settings.integer("maximumLines", default: defaults.maximumLines, in: 2...mostLines)
    }
    timeout = reader.below("timeouts", knownKeys: ["request"]) { reader in
      .seconds(
        reader.value(or: 1) { settings throws(Problem) in
          try settings.integer(
            "request", default: Int(defaults.timeout.components.seconds), in: 1...3_600)
        })
    }
    quietPeriod = .seconds(
      reader.value(or: 0) { settings throws(Problem) in
        try settings.integer(
          "quietSeconds", default: Int(defaults.quietPeriod.components.seconds), in: 0...86_400)
      })
  }
}

extension AdapterSettings {
  /// An address to send requests below, without a slash at its end.
  ///
  /// - Throws: ``Problem`` `missing_key`, `wrong_type`, or `invalid_url` for anything that is not
  ///   `http` or `https`, or holds a user, a password or a query.
  public func baseURL(_ key: String = "url") throws(Problem) -> String {
    var url = try serviceURL(key)
    while url.hasSuffix("/") { url.removeLast() }
    return url
  }

  /// The address of one service, as it is: a slash at its end is part of it.
  ///
  /// - Throws: as ``baseURL(_:)`` does.
  public func serviceURL(_ key: String = "url") throws(Problem) -> String {
    let url = try text(key)
    let scheme = ["https://", "http://"].first { url.lowercased().hasPrefix($0) }
    let host = url.dropFirst(scheme?.count ?? 0).prefix { $0 != "/" && $0 != "?" }
    guard scheme != nil, !host.isEmpty, !host.contains("@"), !url.contains("?"),
      !url.contains(where: \.isWhitespace)
    else {
      throw Problem(
        code: "invalid_url", pointer: value(key)?.place ?? place,
        detail: "'\(key)' of connection \(connection) is not a base address",
        fix: "Write https://HOST/PATH, without user, password or query")
    }
    return url
  }
}
