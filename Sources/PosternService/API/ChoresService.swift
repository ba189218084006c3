package import Logging
internal import ServiceLifecycle

/// Does small things again and again beside the engine: alerts, messages, checkpoints, holds that
/// end. What fails is said in the log and tried again.
package struct ChoresService: Service {
  /// One of them.
  package struct Chore: Sendable {
    package let name: String
    let run: @Sendable () async throws -> Void

    package init(_ name: String, run: @escaping @Sendable () async throws -> Void) {
      self.name = name
      self.run = run
    }
  }

  private let chores: [Chore]
  /// Done once more when the service ends.
  private let last: [Chore]
  private let logger: Logger

  private static let pause: Duration = .seconds(5)

  package init(_ chores: [Chore], last: [Chore], logger: Logger) {
    self.chores = chores
    self.last = last
    self.logger = logger
  }

  package func run() async throws {
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      await perform(chores)
      try? await cancelWhenGracefulShutdown { try await Task.sleep(for: ChoresService.pause) }
    }
    await perform(last)
  }

  private func perform(_ chores: [Chore]) async {
    for chore in chores {
      do {
        try await chore.run()
      } catch {
        logger.error("\(chore.name) failed", metadata: ["error": "\(error)"])
      }
    }
  }
}
