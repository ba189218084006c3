// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "postern",
  products: [
    .executable(name: "postern", targets: ["PosternCLI"]),
    .executable(name: "mock-erp", targets: ["mock-erp"]),
    .library(name: "MockERP", targets: ["MockERP"]),
    .library(
      name: "AdapterKit",
      targets: [
        "Ledger", "AdapterKit", "HTTPAdapterKit", "HTTPTransport", "SOAPTransport",
        "FileTransport", "WireTranscript",
      ]),
    .library(name: "AdapterConformance", targets: ["AdapterConformance"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // One trait: with the default pair most builds compile Hummingbird again.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
      traits: ["FullFoundation"]),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    // Hummingbird's own foundations, named because our sources import them.
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // What is true about books
    room("Ledger"),
    room("PostingRules", ["Ledger"]),

    // What happens to a document
    room("StrictJSON"),
    room(
      "LedgerJSON", ["StrictJSON", "Ledger"], resources: [.embedInCode("document.schema.json")]),
    room("JournalExport", ["Ledger"]),
    room("Intake", ["LedgerJSON", "StrictJSON", "XMLTree", "Ledger"]),
    room(
      "PostingEngine",
      ["PostingRules", "AdapterKit", "LedgerJSON", "WireTranscript", "Digest", "Ledger"]),
    room(
      "SQLStore",
      [
        "PostingEngine", "PostingRules", "AdapterKit", "Digest", "Ledger", "CZlib",
        "SQLiteShim", .grdb, .sqlite,
      ]),

    // What proves it
    room(
      "Simulation",
      ["SQLStore", "PostingEngine", "PostingRules", "AdapterKit", "Digest", "Ledger"]),

    // How an ERP is reached
    room("AdapterKit", ["Ledger"]),
    room("AdapterConformance", ["AdapterKit", "HTTPTransport", "FileTransport", "Ledger"]),
    room("HTTPAdapterKit", ["AdapterKit", "HTTPTransport", "Secrets", "Ledger"]),
    room("HTTPTransport", ["CurlClient", "WireTranscript", "Secrets"]),
    room("SOAPTransport", ["HTTPTransport", "XMLTree", "Digest", "Secrets"]),
    room("FileTransport", ["CurlClient", "WireTranscript", "Secrets"]),
    room("Messaging", ["HTTPTransport", "CurlClient", "Secrets", "Digest", "Ledger"]),
    room("CurlClient", ["CLibcurl", "CurlShim"]),
    room("XMLTree", ["CLibxml2"]),
    room("WireTranscript"),
    room("Digest", ["CLibcrypto"]),
    room("Secrets"),

    // How people reach us
    room("HTTPServing", .server),
    room(
      "PosternConfiguration", ["PostingRules", "Intake", "AdapterKit", "Digest", "Ledger", .yams],
      resources: [.embedInCode("Resources")]),
    room(
      "PosternService",
      [
        "HTTPServing", "Intake", "PostingEngine", "PostingRules", "AdapterKit", "LedgerJSON",
        "StrictJSON", "Digest", "Ledger",
      ] + .server, resources: [.embedInCode("openapi.json")]),
    .executableTarget(
      name: "PosternCLI",
      dependencies: [
        "PosternService", "PosternConfiguration", "Simulation", "SQLStore", "PostingEngine",
        "PostingRules", "Intake", "JournalExport", "LedgerJSON", "StrictJSON", "AdapterKit",
        "AdapterConformance",
        "HTTPTransport", "FileTransport", "Messaging", "Digest", "Secrets", "Ledger",
        .argumentParser,
      ] + .server,
      swiftSettings: .house),

    systemLibrary("CLibcurl", pkgConfig: "libcurl"),
    systemLibrary("CLibxml2", pkgConfig: "libxml-2.0"),
    systemLibrary("CLibcrypto", pkgConfig: "libcrypto"),
    systemLibrary("CZlib", pkgConfig: "zlib"),
    .target(name: "CurlShim", dependencies: ["CLibcurl"], path: "Sources/System/CurlShim"),
    .target(name: "SQLiteShim", path: "Sources/System/SQLiteShim"),

    // What holds each room to its word
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: .house),
    .target(
      name: "MockBench",
      dependencies: ["AdapterConformance", "AdapterKit", "HTTPTransport", "MockERP", "Ledger"],
      path: "Tests/MockBench", swiftSettings: .house),
    tests(of: "Ledger"),
    tests(of: "PostingRules", ["Ledger"]),
    tests(of: "StrictJSON"),
    tests(of: "LedgerJSON", ["StrictJSON", "Ledger"]),
    tests(of: "JournalExport", ["Ledger"]),
    tests(
      of: "Intake", ["LedgerJSON", "StrictJSON", "XMLTree", "Ledger"],
      resources: [.copy("EN16931/Fixtures")]),
    tests(
      of: "PostingEngine",
      ["PostingRules", "AdapterKit", "SQLStore", "LedgerJSON", "WireTranscript", "Ledger"]),
    tests(of: "SQLStore", ["PostingEngine", "AdapterKit", "Digest", "Ledger", .grdb]),
    tests(of: "Simulation", resources: [.copy("seeds-that-failed.txt")]),
    tests(of: "HTTPTransport", ["CurlClient", "WireTranscript", "Secrets"]),
    tests(of: "SOAPTransport", ["HTTPTransport", "XMLTree", "Secrets"]),
    tests(of: "FileTransport", ["CurlClient", "WireTranscript", "Secrets"]),
    tests(of: "AdapterKit", ["Ledger"]),
    tests(
      of: "HTTPServing",
      [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    tests(of: "Messaging", ["HTTPTransport", "Secrets", "Digest", "Ledger"]),
    tests(of: "AdapterConformance", ["AdapterKit", "Ledger"]),
    tests(of: "XMLTree"),
    tests(of: "Digest"),
    tests(
      of: "PosternService",
      ["Intake", "PostingEngine", "PostingRules", "SQLStore", "AdapterKit", "StrictJSON", "Ledger"]
        + ["Digest"] + .server),
    .testTarget(
      name: "DocumentationTests", dependencies: ["PostingEngine"],
      path: "Tests/DocumentationTests", swiftSettings: .house),
    .testTarget(
      name: "EndToEndTests", dependencies: ["PosternCLI", "mock-erp", "TestSupport"],
      swiftSettings: .house),
    tests(of: "PosternConfiguration", ["PostingRules", "Intake", "AdapterKit", "Ledger"]),
    // The worked examples of docs/accounting, from the document to the store.
    .testTarget(
      name: "AccountingTests",
      dependencies: [
        "PosternConfiguration", "SQLStore", "PostingEngine", "PostingRules", "Intake", "LedgerJSON",
        "StrictJSON", "AdapterKit", "Digest", "Ledger", "TestSupport", .yams,
      ], exclude: ["Books", "Cases", "Scenarios"], swiftSettings: .house),
  ]
    + .mockERP
    + adapter(
      "generic-rest", module: "GenericRESTAdapter", ["HTTPAdapterKit", "HTTPTransport"])
    + adapter(
      "generic-soap", module: "GenericSOAPAdapter", ["SOAPTransport", "HTTPTransport", "XMLTree"])
    + adapter("generic-file", module: "GenericFileAdapter", ["FileTransport", "Digest"])
    + adapter(
      "sap-s4hana", module: "SAPS4HANAAdapter",
      ["HTTPAdapterKit", "SOAPTransport", "HTTPTransport", "XMLTree"])
    + adapter(
      "tryton", module: "TrytonAdapter", ["HTTPTransport", "StrictJSON", "WireTranscript"])
    + adapter(
      "netsuite", module: "NetSuiteAdapter",
      ["HTTPAdapterKit", "HTTPTransport", "StrictJSON", "Digest"])
    + adapter("template", module: "TemplateAdapter", ["HTTPAdapterKit", "HTTPTransport"])
    + [
      adapterKind(
        "declarative", module: "DeclarativeAdapter",
        ["HTTPAdapterKit", "HTTPTransport", "XMLTree", "StrictJSON", .mustache]),
      adapterKind(
        "process", module: "ProcessAdapter",
        ["LedgerJSON", "StrictJSON", "WireTranscript", .subprocess]),
      .testTarget(
        name: "FolderAdapterTests",
        dependencies: [
          "DeclarativeAdapter", "ProcessAdapter", "PosternConfiguration", "AdapterConformance",
          "AdapterKit", "HTTPTransport", "MockERP", "MockBench", "Ledger", "TestSupport",
        ], path: "Tests/FolderAdapterTests", swiftSettings: .house),
    ]
)

// The catalogue lists every adapter but the one that is copied.
let adapters = package.targets.filter { target in
  target.path.map { $0.hasPrefix("adapters/") && $0.hasSuffix("/Sources") } ?? false
    && target.name != "TemplateAdapter"
}
for target in package.targets where target.name == "PosternCLI" {
  target.dependencies += adapters.map { .byName(name: $0.name) }
}

extension [Target.Dependency] {
  static var server: Self {
    [
      .product(name: "Hummingbird", package: "hummingbird"),
      .product(name: "HTTPTypes", package: "swift-http-types"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      .product(name: "Logging", package: "swift-log"),
    ]
  }
}

extension Target.Dependency {
  static var argumentParser: Self {
    .product(name: "ArgumentParser", package: "swift-argument-parser")
  }
  static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
  static var sqlite: Self { .product(name: "GRDBSQLite", package: "GRDB.swift") }
  static var mustache: Self { .product(name: "Mustache", package: "swift-mustache") }
  static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
  static var yams: Self { .product(name: "Yams", package: "Yams") }
}

// MARK: - How a target is laid out

extension [SwiftSetting] {
  static var house: Self {
    [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .treatAllWarnings(as: .error),
    ]
  }
}

/// `Sources/<name>`
func room(
  _ name: String, _ uses: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: uses, resources: resources, swiftSettings: .house)
}

/// `Tests/<name>Tests`
func tests(
  of name: String, _ uses: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + uses,
    resources: resources, swiftSettings: .house)
}

/// `Sources/System/<name>`: a module map and a shim header.
func systemLibrary(_ name: String, pkgConfig: String) -> Target {
  .systemLibrary(name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig)
}

/// `adapters/<folder>/Sources` and `adapters/<folder>/Tests`
func adapter(_ folder: String, module: String, _ uses: [Target.Dependency]) -> [Target] {
  [
    .target(
      name: module, dependencies: ["AdapterKit", "Ledger", "Secrets"] + uses,
      path: "adapters/\(folder)/Sources", swiftSettings: .house),
    .testTarget(
      name: "\(module)Tests",
      dependencies: [
        .byName(name: module), "AdapterConformance", "AdapterKit", "Ledger", "MockERP", "MockBench",
        "TestSupport",
      ] + uses,
      path: "adapters/\(folder)/Tests", resources: [.copy("Fixtures")], swiftSettings: .house),
  ]
}

/// `adapters/<folder>/Sources`: what makes adapters of files; tested with the examples.
func adapterKind(_ folder: String, module: String, _ uses: [Target.Dependency]) -> Target {
  .target(
    name: module, dependencies: ["AdapterKit", "Ledger", "Secrets"] + uses,
    path: "adapters/\(folder)/Sources", swiftSettings: .house)
}

extension [Target] {
  static var mockERP: Self {
    [
      .target(
        name: "MockERP", dependencies: ["HTTPServing", "XMLTree", "Digest", .yams] + .server,
        path: "mock-erp/Sources/MockERP", swiftSettings: .house),
      .executableTarget(
        name: "mock-erp", dependencies: ["MockERP", .argumentParser],
        path: "mock-erp/Sources/mock-erp", swiftSettings: .house),
      .testTarget(
        name: "MockERPTests", dependencies: ["MockERP", "mock-erp", "XMLTree", "Digest"],
        path: "mock-erp/Tests", exclude: ["NetSuite/assertions.json"], swiftSettings: .house),
    ]
  }
}
