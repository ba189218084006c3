public import AdapterKit
import Ledger

/// What `adapters/<name>/adapter.yaml` says of an adapter that is a program.
public struct ProcessDefinition: Sendable {
  public let name: String
  public let descriptor: AdapterDescriptor
  public let capabilities: Set<AdapterCapability>
  let launch: ProcessLaunch
  /// Processes at the same time, for one connection.
  let processes: Int
  /// How long one may take to say hello.
  let startTimeout: Duration
  let rows: [OutcomeTable.Row]
  /// Keys of a connection that hold references to secrets.
  let secrets: Set<String>
  /// Keys that a connection may give, with what they are where it does not; nil must be given.
  let parameters: [String: String?]
  /// The descriptor as it is written, which the handshake must repeat.
  let written: SettingValue?

  static let keys: Set<String> = [
    "kind", "summary", "command", "processes", "memoryMB", "startSeconds", "descriptor",
    "capabilities", "secrets", "parameters", "errors",
  ]

  /// What a program can do beside `check` and `submit`.
  private static let speakable: Set<AdapterCapability> = [
    .findsPostings, .readsBooks, .readsPeriods,
  ]

  /// - Parameters:
  ///   - folder: where the program runs.
  ///   - path: its `PATH`.
  /// - Throws: ``SettingsFault`` with everything that is wrong, by file and line.
  public init(
    _ name: String, settings: AdapterSettings, folder: String, path: String
  ) throws(SettingsFault) {
    var reader = SettingsReader(settings)
    self.name = name
    var descriptor = reader.below("descriptor", knownKeys: DescriptorReader.keys) { below in
      DescriptorReader.read(&below, name: name)
    }
    descriptor.summary = reader.value(or: "") { settings throws(Problem) in
      try settings.optionalText("summary") ?? "A program in adapters/\(name)"
    }
    self.descriptor = descriptor
    written = settings.value("descriptor")
    let names = reader.texts("capabilities")
    capabilities = Set(names.compactMap { AdapterCapability(rawValue: $0) })
      .intersection(Self.speakable)
    if capabilities.count != names.count, let value = settings.value("capabilities") {
      let known = Self.speakable.map(\.rawValue).sorted().joined(separator: ", ")
      reader.report(reader.wrongType(value, "'capabilities'", "a list of: \(known)"))
    }
    let command = reader.texts("command")
    if command.isEmpty {
      reader.report(
        Problem(
          code: "missing_key", pointer: settings.place,
          detail: "'command' is missing in the file of \(settings.owner)",
          fix: "Write the program and its arguments: command: [python3, \(name).py]"))
    }
    // Who lists processes sees their arguments.
    if let value = settings.value("command"),
      command.contains(where: { $0.hasPrefix("env:") || $0.hasPrefix("file:") })
    {
      reader.report(
        reader.wrongType(
          value, "'command'",
          "words without secrets: name the key under 'secrets', and each call brings it"))
    }
    func integer(_ key: String, _ fallback: Int, _ range: ClosedRange<Int>) -> Int {
      reader.value(or: fallback) { settings throws(Problem) in
        try settings.integer(key, default: fallback, in: range)
      }
    }
    launch = ProcessLaunch(
      command: command, folder: folder, path: path,
      memoryKiB: integer("memoryMB", 512, 16...65_536) * 1_024)
    processes = integer("processes", 1, 1...64)
    startTimeout = .seconds(integer("startSeconds", 20, 1...600))
    secrets = Set(reader.texts("secrets"))
    let table = reader.value(or: nil) { settings throws(Problem) in
      try settings.table("parameters")
    }
    var parameters: [String: String?] = [:]
    for name in table?.keys ?? [] { parameters[name] = .some(table?.value(name)?.text) }
    self.parameters = parameters
    rows = OutcomeTable.rows(in: &reader)
    try reader.finish(knownKeys: Self.keys)
  }

  var connectionKeys: Set<String> {
    SubmissionLimits.keys.union(parameters.keys).union(secrets)
      .union(["adapter", "limits", "url", "company", "errors"])
  }
}
