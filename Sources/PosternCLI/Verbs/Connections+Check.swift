internal import AdapterKit
internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import SQLStore
internal import StrictJSON

/// Asks the ERPs before anything is sent.
struct CheckConnections: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Ask each ERP whether it can be reached, takes us, and has what we shall name.",
    discussion: """
      Where an ERP lists its accounts, customers, tax codes or dimensions, those that the configuration \
      and the postings that are due name are looked for there. What it does not list shows when it is \
      posted.
      """)

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let installation = try Installation(options)
    let findings = try await ConnectionFindings.all(of: installation)
    ConnectionFindings.show(findings, options)
    if findings.contains(where: { !$0.problems.isEmpty }) { throw ExitStatus.doneWithTrouble.code }
  }
}

/// What one ERP said when it was asked.
struct ConnectionFindings: Sendable {
  let connection: String
  var problems: [Problem] = []
  /// The kinds of master data that were compared.
  var compared: [MasterDataKind] = []

  /// Postings of a connection that are looked at.
  private static let mostDue = 10_000

  static func all(of installation: Installation) async throws -> [ConnectionFindings] {
    var result: [ConnectionFindings] = []
    for connection in try installation.engineConnections() {
      result.append(try await ConnectionFindings(connection, of: installation))
    }
    // One that no entity uses yet stops nobody: what is wrong with it is said beside the others.
    for connection in installation.configuration.connections
    where !installation.isUsed(connection) {
      do {
        for unused in try installation.engineConnections(of: [connection]) {
          result.append(try await ConnectionFindings(unused, of: installation))
        }
      } catch let faults as ConnectionFaults {
        result.append(ConnectionFindings(connection.id.code, faults.problems))
      }
    }
    return result
  }

  private init(_ connection: String, _ problems: [Problem]) {
    self.connection = connection
    self.problems = problems
  }

  private init(_ connection: EngineConnection, of installation: Installation) async throws {
    self.connection = connection.id.code
    problems = await connection.adapter.check()
    guard problems.isEmpty, let reader = connection.adapter.masterDataReader else { return }
    do throws(Problem) {
      let check = try await MasterDataCheck.reading(reader)
      compared = check.kinds
      let uses =
        try installation.configuration.rules.masterData(for: connection.id)
        + ConnectionFindings.due(connection, of: installation)
      // Who is not there yet is created with the first posting.
      problems = check.problems(
        with: uses.filter { $0.kind != .parties || !connection.delivery.createsCustomers })
    } catch {
      problems = [error]
    }
  }

  /// What the postings that are due name; nothing where there is no store yet.
  private static func due(
    _ connection: EngineConnection, of installation: Installation
  ) throws(Problem) -> [MasterDataUse] {
    guard installation.hasStore else { return [] }
    do {
      return try installation.openStore().read { queries in
        let due = try queries.claimable(
          connection.id, at: installation.clock.now + .seconds(86_400), limit: mostDue)
        return try queries.entries(due.map(\.entry)).values
          .sorted { $0.key.text < $1.key.text }
          .flatMap { MasterDataUse.all(in: $0.entry) }
      }
    } catch {
      throw error as? Problem
        ?? Problem(
          code: "store_unreadable", detail: "The store cannot be read: \(error)",
          fix: "Check the store's file")
    }
  }

  var summary: String {
    guard problems.isEmpty else { return "\(problems.count) to look at" }
    return compared.isEmpty
      ? "ready; the ERP lists nothing to compare with"
      : "ready; compared " + compared.map(\.rawValue).joined(separator: ", ")
  }

  static func show(_ findings: [ConnectionFindings], _ options: GlobalOptions) {
    var listing = Listing(
      options, "connections",
      [("Connection", .left), ("Result", .left), ("Where", .left), ("Fix", .left)])
    for finding in findings {
      for problem in finding.problems {
        listing.add([finding.connection, problem.detail, problem.pointer, problem.fix]) { writer in
          writer.object { writer in
            writer.key("connection")
            writer.string(finding.connection)
            writer.key("problem")
            writer.write(problem)
          }
        }
      }
      guard finding.problems.isEmpty else { continue }
      listing.add([finding.connection, finding.summary, "", ""]) { writer in
        writer.object { writer in
          writer.key("connection")
          writer.string(finding.connection)
          writer.key("ready")
          writer.bool(true)
          writer.key("compared")
          writer.array { writer in
            for kind in finding.compared { writer.string(kind.rawValue) }
          }
        }
      }
    }
    listing.finish()
  }
}
