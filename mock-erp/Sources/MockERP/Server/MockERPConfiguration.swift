public import Foundation

/// How a ``MockERPServer`` is set up.
public struct MockERPConfiguration: Sendable {
  public var host = "127.0.0.1"
  /// 0 takes a free port.
  public var port = 0
  /// Only seeded companies exist.
  public var strict = false
  public var companies: [CompanySeed] = []
  public var faults: [FaultRule] = []
  /// Seeds the faults that have a probability.
  public var seed: UInt64 = 1
  /// The folder for file exchange; nil serves none.
  public var exchange: URL?
  /// Keeps the books over the end of the process; nil keeps them in memory alone.
  public var state: StateFile?
  /// How often the folder is looked through; nil leaves it to ``FileExchange/pickUp()``.
  public var pickUpInterval: Duration?
  /// Every answer of a dialect takes at least so long.
  public var latency = Duration.zero
  /// Largest request body in bytes.
  public var bodyLimit = 64 << 20
  /// Entries in one batch.
  public var batchLimit = 1000
  /// nil lets everybody use `generic-rest`.
  public var bearerToken: String?
  /// nil lets everybody use `generic-soap`.
  public var soapUser: SOAPUser?
  public var sap = SAPSettings()
  public var netSuite = NetSuiteSetup()
  /// Requests that `/_admin/requests` remembers.
  public var requestJournalLimit = 10_000
  public var now: @Sendable () -> Date = { Date() }
  public var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

  public init() {}
}
