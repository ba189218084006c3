import Foundation
import TestSupport
import Testing

/// The pages about adapters do what they say.
@Suite struct AdapterGuideTests {
  static var repository: URL {
    URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
  }

  /// The lines of every block of shell commands of a page.
  private func commands(of page: String) throws -> [String] {
    let url = Self.repository.appendingPathComponent(page)
    let text = try String(contentsOf: url, encoding: .utf8)
    return text.components(separatedBy: "```sh\n").dropFirst().flatMap {
      ($0.components(separatedBy: "```").first ?? "").split(separator: "\n").map(String.init)
    }
  }

  @Test func `each command of the guide to a YAML adapter ends well, in an empty folder`()
    async throws
  {
    let folder = try TemporaryFolder("guide")
    let commands = try commands(of: "docs/write-an-adapter.md")
    #expect(commands.count == 4)
    for command in commands {
      let words = command.split(separator: " ").dropFirst().map { word in
        word == "books" ? folder.path + "/books" : String(word)
      }
      let run = try await Desk.run(words)
      #expect(run.status == 0, "\(command): \(run.errors)")
      if command.contains("verify") {
        #expect(String(decoding: run.output, as: UTF8.self).contains("acme: bronze"))
      }
    }
  }

  @Test func `a program starts as one that sends nothing`() async throws {
    let desk = try await Desk("process")
    #expect(try await desk.run("adapters", "new", "mine", "--kind", "process").status == 0)
    try desk.folder.write(
      "adapter: mine\nurl: http://127.0.0.1:9\ntoken: file:token\n",
      to: "configuration/connections/mine.yaml")
    try desk.folder.write("t0ken", to: "configuration/token")
    let run = try await desk.run("adapters", "verify", "mine")
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(run.status == 1, "\(run.errors)")
    #expect(text.contains("# Certificate of mine: none"))
    #expect(text.contains("passed: takes the connection for good when it is"))
  }

  @Test func `a template that does not fit is told with its line before anything is sent`()
    async throws
  {
    let desk = try await Desk("declared")
    #expect(try await desk.run("adapters", "new", "acme").status == 0)
    try desk.folder.write(
      "{\n  \"a\": \"{{acount}}\"\n}\n",
      to: "configuration/adapters/acme/journal.json.mustache")
    let run = try await desk.run("check")
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(run.status == 2)
    #expect(text.contains("adapters/acme/journal.json.mustache"))
    #expect(text.contains("there is no name 'acount' here"))
  }

  @Test func `an adapter in YAML gets gold against the mock ERP`() async throws {
    let desk = try await Desk("tally")
    let erp = try await MockERP(exchange: desk.folder.path(of: "exchange"))
    try desk.connect(to: erp)
    let adapters = URL(fileURLWithPath: desk.configuration + "/adapters")
    try FileManager.default.createDirectory(at: adapters, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: Self.repository.appendingPathComponent("adapters/examples/tally"),
      to: adapters.appendingPathComponent("tally"))
    try desk.folder.write(
      "adapter: tally\nurl: \(erp.address)/generic/rest\ncompany: DE01\n",
      to: "configuration/connections/tally.yaml")
    let run = try await desk.run(
      "adapters", "verify", "tally", "--level", "gold", "--fault-runs", "60")
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(run.status == 0, "\(run.errors) \(text)")
    #expect(text.contains("# Certificate of tally: gold"))
  }

  @Test func `the matrix of adapters is that of their descriptors`() async throws {
    let run = try await Desk.run(["adapters", "list", "--matrix"])
    let url = Self.repository.appendingPathComponent("docs/adapters.md")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(run.output).write(to: url)
    }
    let expected = try? Data(contentsOf: url)
    #expect(
      expected == Data(run.output),
      "docs/adapters.md differs: run with UPDATE_GOLDEN=1 and read the difference")
  }

  @Test func `an adapter in Swift starts as the one that every build compiles and tests`()
    async throws
  {
    let folder = try TemporaryFolder("swift")
    let program = try RunningProgram(
      "/bin/sh",
      [
        "-c", "cd \"$0\" && exec \"$1\" adapters new template --kind swift", folder.path,
        Programs.postern,
      ])
    program.closeInput()
    let run = await program.end()
    #expect(run.status == 0, "\(run.errors)")
    let template = Self.repository.appendingPathComponent("adapters/template")
    let made = folder.url.appendingPathComponent("adapters/template")
    for name in [
      "README.md", "Sources/TemplateAdapter.swift", "Tests/TemplateAdapterTests.swift",
    ] {
      let text = try String(contentsOf: made.appendingPathComponent(name), encoding: .utf8)
      let file = template.appendingPathComponent(name)
      if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      #expect(
        text == (try? String(contentsOf: file, encoding: .utf8)),
        "adapters/template/\(name) differs: run with UPDATE_GOLDEN=1 and read the difference")
    }
  }

  /// A descriptor is a promise: whoever changes one says so in CHANGELOG.md and rewrites the file.
  @Test(arguments: [
    "generic-rest", "generic-soap", "generic-file", "netsuite", "sap-s4hana", "tryton",
  ])
  func `an adapter is described as in its last release`(name: String) async throws {
    let run = try await Desk.run(["adapters", "describe", name])
    let file = Self.repository.appendingPathComponent("adapters/\(name)/descriptor.json")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(run.output).write(to: file)
    }
    #expect(
      (try? Data(contentsOf: file)) == Data(run.output),
      "adapters/\(name)/descriptor.json: announce it in CHANGELOG.md, then UPDATE_GOLDEN=1")
  }
}
