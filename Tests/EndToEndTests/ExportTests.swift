import Foundation
import TestSupport
import Testing

/// The exported journal, judged by programs that know nothing of this one.
@Suite struct ExportTests {
  private static let hledger = "/usr/bin/hledger"
  private static let beanCheck = "/usr/bin/bean-check"

  /// A desk with a month of documents in several currencies, some of which are in their ERP.
  private static func desk() async throws -> Desk {
    let desk = try await Desk("export")
    let books = Repository.books
    for name in try FileManager.default.subpathsOfDirectory(atPath: books.path) {
      let file = books.appendingPathComponent(name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      try desk.folder.write([UInt8](Data(contentsOf: file)), to: "books/" + name)
    }
    let month = GeneratedMonth(Seed(11), documents: 200)
    let ending = try await Desk.run(
      ["submit", "-", "--output", "json", "--config", desk.folder.path(of: "books")],
      input: Array(month.documents.map(\.json).joined(separator: "\n").utf8))
    #expect(ending.status == 0, "\(ending.text.prefix(2_000)) \(ending.errors)")
    return desk
  }

  private static func export(_ desk: Desk, _ format: String) async throws -> String {
    let ending = try await Desk.run(
      ["list", "entries", "--output", format, "--config", desk.folder.path(of: "books")])
    #expect(ending.status == 0, "\(ending.errors)")
    return try desk.folder.write(ending.text, to: "journal.\(format)")
  }

  private static func run(_ path: String, _ arguments: [String]) async throws
    -> RunningProgram.Ending
  {
    let program = try RunningProgram(path, arguments)
    program.closeInput()
    return await program.end()
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: hledger)))
  func `hledger finds the journal sound, and its balances are ours`() async throws {
    let desk = try await Self.desk()
    let journal = try await Self.export(desk, "hledger")
    let check = try await Self.run(Self.hledger, ["-f", journal, "check", "--strict"])
    #expect(check.status == 0, "\(check.errors)")
    let listing = try await Self.run(
      Self.hledger,
      ["-f", journal, "balance", "--cost", "--flat", "--no-total", "--output-format", "csv"])
    #expect(listing.status == 0, "\(listing.errors)")
    var theirs: [String: Decimal] = [:]
    for line in listing.text.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 1).map {
        String($0.replacing("\"", with: ""))
      }
      let amount = try #require(cells[1].split(separator: " ").first)
      theirs[cells[0], default: 0] += try #require(Decimal(string: String(amount)))
    }
    let ours = try await Self.balances(desk)
    #expect(theirs.filter { $0.value != 0 } == ours.filter { $0.value != 0 })
    #expect(ours.count > 20)
  }

  /// By exported name; every account of the examples' chart has one kind.
  private static func balances(_ desk: Desk) async throws -> [String: Decimal] {
    let ending = try await Desk.run(
      [
        "list", "entries", "--limit", "100000", "--output", "json", "--config",
        desk.folder.path(of: "books"),
      ])
    let roots = [
      "asset": "Assets", "liability": "Liabilities", "income": "Income", "expense": "Expenses",
    ]
    var kinds: [String: String] = [:]
    let chart = try String(
      contentsOf: Repository.books.appendingPathComponent("charts/group.csv"), encoding: .utf8)
    for line in chart.split(separator: "\n").dropFirst() {
      let cells = line.split(separator: ",")
      kinds[String(cells[0])] = cells.last.flatMap { roots[String($0)] }
    }
    var balances: [String: Decimal] = [:]
    for entry in try JSON(ending.output)["entries"].array {
      for line in entry["lines"].array {
        let account = try #require(line["account"].string)
        let name =
          "\(kinds[account] ?? ""):\(entry["entity"].string ?? ""):"
          + account.prefix(1).uppercased() + account.dropFirst() + "-x"
        let amount = try #require(line["functionalAmount"].string.flatMap { Decimal(string: $0) })
        balances[name, default: 0] += line["side"].string == "debit" ? amount : -amount
      }
    }
    return balances
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: beanCheck)))
  func `beancount finds the journal sound`() async throws {
    let desk = try await Self.desk()
    let journal = try await Self.export(desk, "beancount")
    let check = try await Self.run(Self.beanCheck, [journal])
    #expect(check.status == 0, "\(check.text.prefix(2_000)) \(check.errors.prefix(2_000))")
  }

  @Test func `as a table each line of an entry is a row, and other lists have no such layout`()
    async throws
  {
    let desk = try await Self.desk()
    let path = try await Self.export(desk, "csv")
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\r\n")
    #expect(rows.count > 500)
    let refused = try await Desk.run(
      ["list", "documents", "--output", "csv", "--config", desk.folder.path(of: "books")])
    #expect(refused.status == 2)
    #expect(refused.errors.contains("list entries"))
  }

  @Test func `ageing ties out, and rules that nobody put in force are refused`() async throws {
    let desk = try await Self.desk()
    let books = desk.folder.path(of: "books")
    let ageing = try await Desk.run(
      ["ageing", "--as-of", "2026-12-31", "--output", "json", "--config", books])
    #expect(ageing.status == 0, "\(ageing.text) \(ageing.errors)")
    #expect(try JSON(ageing.output)["ageing"].array.count == 10)
    let postern = String(decoding: try desk.folder.read("books/postern.yaml"), as: UTF8.self)
    try desk.folder.write(postern + "activation: secondPerson\n", to: "books/postern.yaml")
    let document = Sample.payment("P-1", entity: "DE01", amount: "1.00")
    let refused = try await Desk.run(
      ["submit", "-", "--config", books], input: Array(document.utf8))
    #expect(refused.status == 2)
    #expect(refused.errors.contains("rules_not_activated"))
    for (person, code) in [("anna", Int32(0)), ("anna", 2), ("ben", 0)] {
      let ending = try await Desk.run(
        ["rules", "activate", "--reason", "first", "--by", person, "--config", books])
      #expect(ending.status == code, "\(person): \(ending.text) \(ending.errors)")
    }
    let taken = try await Desk.run(
      ["rules", "diff", "--config", books])
    #expect(taken.status == 0, "\(taken.text) \(taken.errors)")
  }
}

/// The repository that the tests were built from.
private enum Repository {
  static let books = URL(fileURLWithPath: SharedData.repositoryRoot)
    .appendingPathComponent("Tests/AccountingTests/Books")
}
