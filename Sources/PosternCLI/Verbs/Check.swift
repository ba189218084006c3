internal import AdapterKit
internal import ArgumentParser
internal import Ledger
internal import PosternConfiguration
internal import PosternService
internal import PostingEngine
internal import StrictJSON

/// Validates the configuration.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Validate the configuration: every fault at once, with file, line and fix.")

  @Flag(help: "Also ask the ERPs, as 'connections check' does.")
  var online = false

  @OptionGroup var options: GlobalOptions

  func run() async throws {
    var findings = Installation.loader.check(options.folder)
    if !findings.contains(where: { $0.severity == .error }) {
      findings += try adapterFindings()
    }
    if online, !findings.contains(where: { $0.severity == .error }) {
      findings += try await onlineFindings()
    }
    let hasErrors = findings.contains { $0.severity == .error }
    if options.isJSON {
      var writer = JSONWriter()
      writer.object { writer in
        writer.key("valid")
        writer.bool(!hasErrors)
        writer.key("findings")
        writer.array { writer in
          for finding in findings {
            writer.object { writer in
              writer.key("severity")
              writer.string(finding.severity.rawValue)
              writer.key("problem")
              writer.write(finding.problem)
            }
          }
        }
      }
      Console.print(bytes: writer.bytes)
    } else {
      for finding in findings {
        let problem = finding.problem
        Console.print("\(problem.pointer): \(finding.severity.rawValue): \(problem.detail)")
        if !problem.fix.isEmpty { Console.print("  fix: \(problem.fix) [\(problem.code)]") }
      }
      let count = findings.count { $0.severity == .error }
      Console.print(
        hasErrors
          ? "\(options.folder): \(count) error\(count == 1 ? "" : "s")"
          : "\(options.folder): valid")
    }
    if hasErrors { throw ExitStatus.usage.code }
  }

  /// What the ERPs say: a warning each, as the configuration itself may be right.
  private func onlineFindings() async throws -> [ConfigurationFinding] {
    try await ConnectionFindings.all(of: Installation(options)).flatMap { finding in
      finding.problems.map { problem in
        ConfigurationFinding(
          .warning,
          Problem(
            code: problem.code,
            pointer: problem.pointer.isEmpty
              ? "connections/\(finding.connection).yaml" : problem.pointer,
            detail: "\(finding.connection): \(problem.detail)", fix: problem.fix))
      }
    }
  }

  /// What is wrong with connections that no entity uses: nothing goes through them yet.
  private func unusedFindings(_ installation: Installation) -> [ConfigurationFinding] {
    installation.configuration.connections.filter { !installation.isUsed($0) }
      .flatMap { connection -> [ConfigurationFinding] in
        do {
          _ = try installation.engineConnections(of: [connection])
          return []
        } catch {
          let problems = (error as? ConnectionFaults)?.problems ?? []
          return problems.map { ConfigurationFinding(.warning, $0) }
        }
      }
  }

  /// What the adapters find wrong in their connections' files.
  private func adapterFindings() throws -> [ConfigurationFinding] {
    let installation = try Installation(options)
    let declared = try installation.configuration.adapters.flatMap { folder in
      do {
        try FolderAdapter(folder).check()
        return [Problem]()
      } catch let fault as SettingsFault {
        return fault.problems
      }
    }
    guard declared.isEmpty else { return declared.map { ConfigurationFinding(.error, $0) } }
    do {
      let connections = try installation.engineConnections()
      return unusedFindings(installation)
        + connections.filter { $0.createsCustomers && $0.adapter.partyCreator == nil }.map {
          ConfigurationFinding(
            .warning,
            Problem(
              code: "customers_not_created", pointer: "connections/\($0.id.code).yaml",
              detail:
                "'createCustomers' is on, and adapter \($0.adapter.descriptor.name) creates none",
              fix: "Take it away, and create customers in the ERP before they are billed"))
        }
    } catch let faults as ConnectionFaults {
      return faults.problems.map { ConfigurationFinding(.error, $0) }
    }
  }
}
