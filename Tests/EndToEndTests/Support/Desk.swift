import Foundation
import TestSupport
import Testing

/// An installation of a test: a configuration that `postern init` wrote, its store, and the verbs.
final class Desk: Sendable {
  let folder: TemporaryFolder
  let configuration: String

  init(_ purpose: String = "desk") async throws {
    folder = try TemporaryFolder(purpose)
    configuration = folder.path(of: "configuration")
    let made = try await Desk.run(["init", configuration])
    try #require(made.status == 0, "\(made.errors)")
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
  ) async throws -> RunningProgram.Ending {
    let program = try RunningProgram(Programs.postern, arguments, environment: environment)
    if input.isEmpty {
      program.closeInput()
    } else {
      program.feed(Pieces([input]).next)
    }
    return await program.end()
  }

  /// Starts a verb on this configuration.
  func start(_ arguments: [String]) throws -> RunningProgram {
    try RunningProgram(Programs.postern, arguments + ["--config", configuration])
  }

  /// Runs a verb on this configuration.
  func run(_ arguments: String..., input: String = "") async throws -> RunningProgram.Ending {
    try await Desk.run(arguments + ["--config", configuration], input: Array(input.utf8))
  }

  /// Runs a verb with `--output json`, expects the exit status, and reads the one value it prints.
  func json(
    _ arguments: String..., input: String = "", status: Int32 = 0,
    at location: SourceLocation = #_sourceLocation
  ) async throws -> JSON {
    let ending = try await Desk.run(
      arguments + ["--output", "json", "--config", configuration], input: Array(input.utf8))
    #expect(
      ending.status == status, "\(arguments.joined(separator: " ")): \(ending.errors)",
      sourceLocation: location)
    return try JSON(ending.output)
  }

  /// Hands documents over, written one a line.
  func submit(
    _ documents: [String], status: Int32 = 0, at location: SourceLocation = #_sourceLocation
  ) async throws -> JSON {
    try await json(
      "submit", "-", input: documents.joined(separator: "\n"), status: status, at: location)
  }

  /// Runs the engine until nothing is due.
  @discardableResult
  func settle(status: Int32 = 0, at location: SourceLocation = #_sourceLocation) async throws
    -> JSON
  {
    try await json("run", "--until", "idle", status: status, at: location)
  }

  func write(_ text: String, to name: String) throws {
    try folder.write(text, to: "configuration/" + name)
  }

  func read(_ name: String) throws -> String {
    String(decoding: try folder.read("configuration/" + name), as: UTF8.self)
  }

  func replace(_ old: String, with new: String, in name: String) throws {
    let text = try read(name)
    try #require(text.contains(old), "\(name) has no \(old)")
    try write(text.replacingOccurrences(of: old, with: new), to: name)
  }

  /// Lets the entity DEMO post over REST.
  func connect(to erp: MockERP) throws {
    try replace("http://127.0.0.1:8081", with: erp.address, in: "connections/erp.yaml")
    try write(read("connections/erp.yaml") + "quietSeconds: 0\n", to: "connections/erp.yaml")
  }

  /// Three entities beside DEMO, one for each adapter, each a company of the ERP.
  func connectAll(to erp: MockERP) throws {
    try connect(to: erp)
    let entity = try read("entities/DEMO.yaml")
    let book = "readBack: \(erp.address)/_admin/journal?company={company}&period={period}\n"
    let connections = [
      "REST": "adapter: generic-rest\nurl: \(erp.address)/generic/rest\nbatchSize: 5\n",
      "SOAP": "adapter: generic-soap\nurl: \(erp.address)/generic/soap\nbatchSize: 5\n",
      "FILE":
        "adapter: generic-file\nurl: file://\(erp.exchange)\nbatchSize: 50\npollEvery: 500ms\n",
    ]
    for (code, text) in connections {
      try write(
        "\(text)company: \(code)\nquietSeconds: 0\ntimeouts: { request: 2s }\n"
          + "limits: { concurrency: \(code == "FILE" ? 1 : 4) }\n\(book)",
        to: "connections/\(code.lowercased()).yaml")
      try write(
        entity.replacingOccurrences(of: "code: DEMO", with: "code: \(code)")
          .replacingOccurrences(of: "connection: erp", with: "connection: \(code.lowercased())"),
        to: "entities/\(code).yaml")
    }
  }

  static let adapterEntities = ["REST", "SOAP", "FILE"]

  /// The posting keys of all entries in the store.
  func keys(entity: String? = nil) async throws -> [String] {
    let list = try await json("list", "entries", "--limit", "1000000")
    return list["entries"].array
      .filter { entity == nil || $0["entity"].string == entity }
      .compactMap { $0["key"].string }
  }

  /// Starts the service and waits for its address.
  func serve(_ arguments: String...) async throws -> (RunningProgram, HTTP) {
    let program = try start(["serve", "--port", "0"] + arguments)
    guard let address = await program.line(after: "postern listening on ") else {
      throw RunningProgram.CannotStart(description: await program.end().errors)
    }
    return (program, try HTTP(address))
  }
}

extension Desk {
  struct NeverCame: Error {}

  /// Asks again and again until `find` finds something.
  ///
  /// - Throws: ``NeverCame`` after half a minute.
  static func soon<Found>(_ find: () async throws -> Found?) async throws -> Found {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if let found = try await find() { return found }
    }
    throw NeverCame()
  }

  /// The first open exception, as soon as there is one.
  func firstException() async throws -> JSON {
    try await Desk.soon { try await json("list", "exceptions")["exceptions"].array.first }
  }
}
