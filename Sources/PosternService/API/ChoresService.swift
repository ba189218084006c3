package import Logging
internal import ServiceLifecycle

/// Does small things again and again beside the engine: alerts, messages, checkpoints, holds that
/// end. What fails is said in the log and tried again.
package struct ChoresService: Service {
  /// One of them.
  package struct Chore: Sendable {
    package let name: String
    /// The least time between two.
    let interval: Duration
    let run: @Sendable () async throws -> Void

    package init(
      _ name: String, every interval: Duration = .zero,
      run: @escaping @Sendable () async throws -> Void
    ) {
      self.name = name
      self.interval = interval
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
    var next = Array(repeating: ContinuousClock.now, count: chores.count)
    while !Task.isShuttingDownGracefully, !Task.isCancelled {
      let now = ContinuousClock.now
      let due = chores.indices.filter { next[$0] <= now }
      for place in due { next[place] = now + chores[place].interval }
      await perform(due.map { chores[$0] })
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
