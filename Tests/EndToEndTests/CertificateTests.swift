import Foundation
import TestSupport
import Testing

/// The certificates that are kept beside the adapters are what the program still says.
@Suite struct CertificateTests {
  /// Those of the catalogue, each with its dialect of the mock ERP.
  @Test(arguments: [
    "generic-rest", "generic-soap", "generic-file", "netsuite", "sap-s4hana", "tryton",
  ])
  func `an adapter of the catalogue has the gold that its folder shows`(name: String) async throws {
    let written = try TemporaryFolder("certificate")
    let run = try await Desk.run([
      "adapters", "verify", name, "--mock", "--level", "gold", "--fault-runs", "40", "--output",
      "json", "--write", written.path, "--config", AdapterGuideTests.repository.path,
    ])
    #expect(run.status == 0, "\(run.errors)")
    try expect(try JSON(run.output), asKeptIn: "adapters/\(name)")
    let page = String(decoding: try written.read("certificate.md"), as: UTF8.self)
    #expect(page.hasPrefix("# Certificate of \(name): gold\n"))
    #expect(try JSON(written.read("certificate.json")) == JSON(run.output))
  }

  @Test func `an adapter in YAML has the gold that its folder shows`() async throws {
    let desk = try await desk(
      with: "tally", "url: http://127.0.0.1:1/generic/rest\ncompany: DE01\n")
    let certificate = try await desk.json(
      "adapters", "verify", "tally", "--mock", "--level", "gold", "--fault-runs", "40")
    try expect(certificate, asKeptIn: "adapters/examples/tally")
  }

  @Test func `a program has the gold that its folder shows, through a gateway that breaks things`()
    async throws
  {
    let program = AdapterGuideTests.repository
      .appendingPathComponent("adapters/examples/folio/folio_server.py").path
    let server = try ChildProcess("/usr/bin/env", ["python3", "-u", program])
    defer { server.stop() }
    let port = try await server.line(after: "listening on ")
    // The books are read past the adapter.
    let desk = try await desk(
      with: "folio",
      """
      url: http://127.0.0.1:\(port)
      token: file:token
      readBack: http://127.0.0.1:\(port)/journal?period={period}

      """)
    try desk.write("folio-token", to: "token")
    let certificate = try await desk.json(
      "adapters", "verify", "folio", "--closed-period", "2026-01", "--level", "gold",
      "--fault-runs", "20")
    try expect(certificate, asKeptIn: "adapters/examples/folio")
  }

  @Test func `a connection that no entity uses is checked like the others`() async throws {
    let desk = try await desk(
      with: "folio", "url: http://127.0.0.1:9\ntoken: env:POSTERN_NOT_THERE\n")
    let missing = "connections/folio.yaml:3"
    for verb in [["check"], ["connections", "check"], ["adapters", "verify", "folio"]] {
      let ending = try await Desk.run(verb + ["--config", desk.configuration])
      let said = ending.text + ending.errors
      #expect(said.contains(missing), "\(verb): \(said)")
      #expect(said.contains("env:POSTERN_NOT_THERE is not there"), "\(verb): \(said)")
      #expect(!said.contains("SettingsFault"), "\(verb): \(said)")
    }
    // Nothing goes through it: the rest of the configuration stays valid.
    #expect(try await Desk.run(["check", "--config", desk.configuration]).status == 0)
    try desk.write("adapter: folio\nurl: http://127.0.0.1:9\n", to: "connections/folio.yaml")
    let ending = try await Desk.run(["check", "--config", desk.configuration])
    #expect(ending.text.contains("'token' is missing"), "\(ending.text)")
    #expect(ending.status == 2)
  }

  /// A configuration folder with an example of this repository and a connection to it.
  private func desk(with name: String, _ connection: String) async throws -> Desk {
    let desk = try await Desk(name)
    let adapters = URL(fileURLWithPath: desk.configuration + "/adapters")
    try FileManager.default.createDirectory(at: adapters, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: AdapterGuideTests.repository.appendingPathComponent("adapters/examples/\(name)"),
      to: adapters.appendingPathComponent(name))
    try desk.write("adapter: \(name)\n" + connection, to: "connections/\(name).yaml")
    return desk
  }

  /// The same checks with the same results; the number of fault runs may be another.
  private func expect(
    _ certificate: JSON, asKeptIn folder: String, at location: SourceLocation = #_sourceLocation
  ) throws {
    let file = AdapterGuideTests.repository.appendingPathComponent(folder + "/certificate.json")
    let kept = try JSON(Data(contentsOf: file))
    func facts(_ certificate: JSON) -> [String] {
      certificate["checks"].array.map { check in
        let name = check["name"].string?.filter { !$0.isNumber } ?? ""
        return "\(name): \(check["result"].string ?? "") \(check["reason"].string ?? "")"
      }
    }
    #expect(certificate["level"].string == "gold", sourceLocation: location)
    #expect(kept["level"].string == "gold", sourceLocation: location)
    #expect(
      facts(certificate) == facts(kept),
      "write it anew: 'postern adapters verify … --level gold --write \(folder)'",
      sourceLocation: location)
  }
}
