import Foundation
import TestSupport

/// A running `mock-erp`, asked over its admin API.
struct MockERP: Sendable {
  let address: String
  let admin: HTTP
  let exchange: String
  private let program: RunningProgram

  /// - Parameter port: 0 for one of the kernel's choice.
  init(
    exchange: String, port: Int = 0, arguments: [String] = [], faults: String? = nil
  ) async throws {
    self.exchange = exchange
    program = try RunningProgram(
      Programs.mockERP, ["serve", "--port", String(port), "--exchange", exchange] + arguments)
    guard let address = await program.line(after: "mock-erp listening on ") else {
      throw RunningProgram.CannotStart(description: await program.end().errors)
    }
    self.address = address
    admin = try HTTP(address)
    if let faults { try await set(faults: faults) }
  }

  /// Ends it without a word; returns when it is gone.
  func kill() async {
    program.send(SIGKILL)
    _ = await program.end()
  }

  /// - Parameter faults: a fault list in YAML.
  func set(faults: String) async throws {
    let answer = try await admin.send(
      "PUT", "/_admin/faults", Array(faults.utf8), type: "application/yaml")
    guard answer.status < 300 else { throw HTTP.NoAnswer(description: answer.text) }
  }

  func clearFaults() async throws { _ = try await admin.send("DELETE", "/_admin/faults") }

  func period(_ period: String, of company: String, _ act: String) async throws {
    let answer = try await admin.post("/_admin/periods/\(company)/\(period)/\(act)", "")
    guard answer.status < 300 else { throw HTTP.NoAnswer(description: answer.text) }
  }

  /// How often a key was booked and how often it arrived.
  func count(of key: String) async throws -> (booked: Int, received: Int) {
    let json = try await admin.get("/_admin/keys/\(key)").json
    return (json["booked"].int ?? -1, json["received"].int ?? -1)
  }

  /// Entries in the books of a company.
  func journal(_ company: String) async throws -> [JSON] {
    try await admin.get("/_admin/journal?company=\(company)").json["entries"].array
  }
}
