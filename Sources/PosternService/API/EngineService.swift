internal import Ledger
package import Logging
package import PostingEngine
internal import ServiceLifecycle

/// Runs the engine beside the API and ends with it: calls under way are settled, nothing new starts.
package struct EngineService: Service {
  private let engine: PostingEngine
  private let readiness: Readiness
  private let logger: Logger

  /// After trouble with the store the engine starts again after this time.
  private static let pause: Duration = .seconds(5)

  package init(engine: PostingEngine, readiness: Readiness, logger: Logger) {
    self.engine = engine
    self.readiness = readiness
    self.logger = logger
  }

  package func run() async throws {
    await withGracefulShutdownHandler {
      while !Task.isShuttingDownGracefully, !Task.isCancelled {
        do {
          readiness.report(nil, by: "engine")
          try await engine.run(until: .stopped)
          if Task.isShuttingDownGracefully { return }
        } catch {
          let problem =
            error as? Problem
            ?? Problem(
              code: "engine_stopped", detail: "The engine stopped: \(error)",
              fix: "It starts again by itself; look at the store's disk")
          readiness.report(problem, by: "engine")
          logger.error(
            "engine stopped", metadata: ["code": "\(problem.code)", "detail": "\(problem.detail)"])
        }
        try? await cancelWhenGracefulShutdown { try await Task.sleep(for: EngineService.pause) }
      }
    } onGracefulShutdown: {
      engine.stop()
    }
  }
}
