internal import AdapterConformance
internal import AdapterKit
internal import FileTransport
internal import GenericFileAdapter
internal import GenericRESTAdapter
internal import GenericSOAPAdapter
internal import HTTPTransport
internal import Ledger
internal import NetSuiteAdapter
internal import PosternConfiguration
internal import PostingEngine
internal import SAPS4HANAAdapter
internal import TrytonAdapter

/// Every adapter there is: the one place that knows their types. A new adapter adds an entry here.
struct AdapterCatalog: Sendable {
  /// One kind of adapter: its keys in `connections/<code>.yaml`, and how one is made.
  struct Kind: Sendable {
    let name: String
    let keys: Set<String>
    let required: [String]
    let make: @Sendable (ConnectionConfiguration, Between) throws -> any ERPAdapter
    /// The least that a connection says, for the matrix of adapters.
    let example: [String: String]
    /// Whether a request books something, for an ERP that is asked by the same method.
    var isSubmission: @Sendable (HTTPRequest) -> Bool = AdapterCatalog.changesSomething
    /// Where the bundled mock ERP serves this adapter; nil where it does not.
    var mock: MockDialect?
    /// Its folders, which break when they are told to; nil for an adapter that has none.
    var faultyFiles: (@Sendable (ConnectionConfiguration) throws -> FaultyFileExchange)?
  }

  /// What stands between an adapter and its ERP; nil for the network and the folders themselves.
  struct Between: Sendable {
    var http: (any HTTPClient)?
    var files: (any FileExchange)?
  }

  /// A request that is more than a question, as its method says: a sign-in books nothing.
  static let changesSomething: @Sendable (HTTPRequest) -> Bool = { request in
    request.method != .get
      && !String(decoding: request.body.prefix(512), as: UTF8.self).contains("grant_type=")
  }

  static let standard = AdapterCatalog(kinds: [
    .overHTTP(
      GenericRESTAdapter.name, GenericRESTAdapter.knownKeys, mock: .genericREST
    ) { settings, http in
      try GenericRESTAdapter(settings: settings, http: http, now: { WallClock().now })
    },
    .overHTTP(
      GenericSOAPAdapter.name, GenericSOAPAdapter.knownKeys,
      mock: .genericSOAP,
      isSubmission: { String(decoding: $0.body, as: UTF8.self).contains("PostJournalEntries") }
    ) { settings, http in
      try GenericSOAPAdapter(settings: settings, http: http, now: { WallClock().now })
    },
    Kind(
      name: GenericFileAdapter.name, keys: GenericFileAdapter.knownKeys,
      required: ["url", "company"],
      make: { connection, between in
        guard let files = between.files else {
          return try GenericFileAdapter(settings: connection.settings)
        }
        return try GenericFileAdapter(settings: connection.settings, files: files)
      },
      example: ["url": "file:///exchange", "company": "DE01"], mock: .genericFile,
      faultyFiles: { connection in
        let settings = connection.settings
        let release = try GenericFileAdapter.releasingEnding(by: settings)
        return FaultyFileExchange(try GenericFileAdapter.exchange(for: settings)) { name in
          if name.hasSuffix(GenericFileAdapter.acknowledgementEnding) { return .answer }
          if !release.isEmpty, name.hasSuffix(release) { return .release }
          return name.hasSuffix(".json") ? .other : release.isEmpty ? .release : .content
        }
      }),
    .overHTTP(
      SAPS4HANAAdapter.name, SAPS4HANAAdapter.knownKeys, example: ["company": "1010"],
      mock: .sapS4HANA,
      isSubmission: { $0.method == .post && $0.url.contains("journalentrycreaterequest") }
    ) { settings, http in
      try SAPS4HANAAdapter(settings: settings, http: http, now: { WallClock().now })
    },
    .overHTTP(
      TrytonAdapter.name, TrytonAdapter.knownKeys,
      required: ["url", "database", "company", "auth"],
      example: ["database": "erp", "auth.user": "postern", "auth.password": "env:TRYTON_PASSWORD"],
      mock: .tryton,
      isSubmission: { String(decoding: $0.body, as: UTF8.self).contains("model.account.move.post") }
    ) { settings, http in
      try TrytonAdapter(settings: settings, http: http, now: { WallClock().now })
    },
    .overHTTP(
      NetSuiteAdapter.name, NetSuiteAdapter.knownKeys, required: ["url", "company", "auth"],
      example: [
        "auth.type": "oauth1", "auth.account": "123456_SB1", "auth.consumerKey": "env:CONSUMER_KEY",
        "auth.consumerSecret": "env:CONSUMER_SECRET", "auth.token": "env:TOKEN",
        "auth.tokenSecret": "env:TOKEN_SECRET", "postAs": "document", "currencies.EUR": "4",
        "periods.2026-10": "214", "dimensions.costCenter": "department",
      ],
      mock: .netSuite, isSubmission: { $0.method == .post && $0.url.contains("/record/v1/") }
    ) { settings, http in
      try NetSuiteAdapter(settings: settings, http: http, now: { WallClock().now })
    },
  ])

  let kinds: [Kind]

  /// What a folder under `adapters/` may be, with the keys that its connections have besides their own.
  static let folderKinds = [
    AdapterKeys(
      name: "declarative",
      keys: SubmissionLimits.keys.union([
        "adapter", "limits", "company", "auth", "headers", "errors",
      ])
      .union(HTTPConnectionSettings.keys), required: ["url"]),
    AdapterKeys(
      name: "process",
      keys: SubmissionLimits.keys.union(["adapter", "limits", "url", "company", "errors"])),
  ]

  /// For the configuration, which knows no adapter itself.
  var keys: [AdapterKeys] {
    kinds.map { AdapterKeys(name: $0.name, keys: $0.keys.sorted(), required: $0.required) }
  }

  /// - Parameter folder: where the adapter is one of the configuration folder.
  /// - Throws: what the adapter finds wrong in its settings.
  func adapter(
    for connection: ConnectionConfiguration, in folder: AdapterFolder? = nil,
    between: Between = Between()
  ) throws -> any ERPAdapter {
    if let folder {
      return try FolderAdapter(folder).adapter(for: connection, http: between.http)
    }
    guard let kind = kinds.first(where: { $0.name == connection.adapter }) else {
      throw Problem(
        code: "unknown_adapter", pointer: connection.place,
        detail: "There is no adapter '\(connection.adapter)'",
        fix: "Use one of: " + kinds.map(\.name).joined(separator: ", "))
    }
    return try kind.make(connection, between)
  }
}

extension AdapterCatalog.Kind {
  /// An adapter that speaks HTTP: its connection may have `tls` and `proxy` besides its own keys.
  fileprivate static func overHTTP(
    _ name: String, _ keys: Set<String>, required: [String] = ["url", "company"],
    example: [String: String] = [:], mock: MockDialect? = nil,
    isSubmission: @escaping @Sendable (HTTPRequest) -> Bool = AdapterCatalog.changesSomething,
    _ make: @escaping @Sendable (AdapterSettings, any HTTPClient) throws -> any ERPAdapter
  ) -> AdapterCatalog.Kind {
    AdapterCatalog.Kind(
      name: name, keys: keys.union(HTTPConnectionSettings.keys), required: required,
      make: { connection, between in
        try make(
          connection.settings.without(HTTPConnectionSettings.keys),
          between.http ?? CurlHTTPClient(try HTTPConnectionSettings(connection).client))
      },
      example: ["url": "https://erp.example/api", "company": "DE01"].merging(example) { $1 },
      isSubmission: isSubmission, mock: mock)
  }
}
