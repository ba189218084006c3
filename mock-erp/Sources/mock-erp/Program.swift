import ArgumentParser
import Foundation
import MockERP

/// An ERP to post into.
@main
struct Program: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mock-erp",
    abstract: "An ERP to post into: double-entry books behind REST, SOAP and file exchange.",
    subcommands: [Serve.self])
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves every dialect at one address until SIGTERM or SIGINT.")

  @Option(help: "Where to listen.")
  var host = "127.0.0.1"

  @Option(help: "0 takes a free port.")
  var port = 8081

  @Option(help: ArgumentHelp("A YAML list of faults to plant.", valueName: "file"))
  var faults: String?

  @Option(help: "Seeds the faults that have a probability.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Serves file exchange in this folder.", valueName: "dir"))
  var exchange: String?

  @Flag(help: "Removes that folder when it ends.")
  var removeExchange = false

  @Option(help: ArgumentHelp("Companies as for POST /_admin/seed.", valueName: "file"))
  var seedBooks: String?

  @Option(
    help: ArgumentHelp("Keeps the books here over the end of the process.", valueName: "file"))
  var state: String?

  @Flag(help: "Only seeded companies exist.")
  var strict = false

  @Option(help: ArgumentHelp("Every answer takes at least so long.", valueName: "ms"))
  var latency = 0

  @Option(help: ArgumentHelp("Largest request body.", valueName: "mib"))
  var bodyLimit = 64

  @Flag(help: "Ends also when its standard input ends, as that of a program that is killed.")
  var untilInputEnds = false

  @Option(help: "Bearer token that generic-rest demands.")
  var token: String?

  @Option(
    help: ArgumentHelp("UsernameToken that generic-soap demands.", valueName: "name:password"))
  var user: String?

  @OptionGroup(title: "How the vendors' dialects are set up") var vendors: VendorOptions

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port is from 0 to 65535.") }
    guard latency >= 0 else { throw ValidationError("--latency is not negative.") }
    guard (1...4096).contains(bodyLimit) else {
      throw ValidationError("--body-limit is from 1 to 4096 MiB.")
    }
    if let user, !user.contains(":") { throw ValidationError("--user is NAME:PASSWORD.") }
  }

  func run() async throws {
    var configuration = MockERPConfiguration()
    configuration.host = host
    configuration.port = port
    configuration.strict = strict
    configuration.seed = seed
    configuration.latency = .milliseconds(latency)
    configuration.bodyLimit = bodyLimit << 20
    configuration.bearerToken = token
    configuration.pickUpInterval = .milliseconds(200)
    if let user {
      let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      configuration.soapUser = SOAPUser(name: String(parts[0]), password: String(parts[1]))
    }
    try vendors.apply(to: &configuration)
    if let state { configuration.state = try StateFile(URL(filePath: state)) }
    if let exchange {
      configuration.exchange = URL(filePath: exchange, directoryHint: .isDirectory)
    }
    if let faults {
      configuration.faults = try FaultFile.read(String(contentsOfFile: faults, encoding: .utf8))
    }
    if let seedBooks {
      configuration.companies = try CompanySeed.read(Data(contentsOf: URL(filePath: seedBooks)))
    }
    let server = try await MockERPServer.start(configuration)
    // Whoever started the program waits for this line, also through a pipe.
    try FileHandle.standardOutput.write(
      contentsOf: Data("mock-erp listening on http://\(host):\(server.port)\n".utf8))
    await end()
    await server.stop()
    if removeExchange, let folder = configuration.exchange {
      try? FileManager.default.removeItem(at: folder)
    }
  }

  /// Returns when the process is asked to end.
  private func end() async {
    let (signals, arrived) = AsyncStream<Void>.makeStream()
    if untilInputEnds {
      FileHandle.standardInput.readabilityHandler = { input in
        guard input.availableData.isEmpty else { return }
        input.readabilityHandler = nil
        arrived.yield()
      }
    }
    let sources = [SIGTERM, SIGINT].map { number in
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { arrived.yield() }
      source.resume()
      return source
    }
    for await _ in signals { break }
    for source in sources { source.cancel() }
  }
}
