public import Foundation
import HTTPServing
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A mock ERP that listens.
///
/// ```swift
/// let server = try await MockERPServer.start(MockERPConfiguration())
/// // … post to server.baseURL …
/// await server.stop()
/// ```
public final class MockERPServer: Sendable {
  /// Why a server did not start.
  public enum StartFault: Error, Hashable, Sendable, CustomStringConvertible {
    case notListening(host: String, port: Int, reason: String)

    public var description: String {
      switch self {
      case .notListening(let host, let port, let reason):
        "The mock ERP cannot listen on \(host):\(port): \(reason)"
      }
    }
  }

  public let baseURL: URL
  public let port: Int
  public let books: MockBooks
  public let faults: FaultPlan
  /// nil when no folder is configured.
  public let exchange: FileExchange?
  /// What the Tryton dialect keeps besides the books.
  public let tryton: TrytonDesk

  private let listener: any Channel
  private let connections: OpenConnections
  private let serving: Task<Void, Never>
  private let pickingUp: Task<Void, Never>?

  private init(
    baseURL: URL, port: Int, books: MockBooks, faults: FaultPlan, exchange: FileExchange?,
    tryton: TrytonDesk, listener: any Channel, connections: OpenConnections,
    serving: Task<Void, Never>,
    pickingUp: Task<Void, Never>?
  ) {
    self.baseURL = baseURL
    self.port = port
    self.books = books
    self.faults = faults
    self.exchange = exchange
    self.tryton = tryton
    self.listener = listener
    self.connections = connections
    self.serving = serving
    self.pickingUp = pickingUp
  }

  /// Starts a server and returns when it takes connections.
  ///
  /// - Throws: ``StartFault`` when the address cannot be had.
  public static func start(_ configuration: MockERPConfiguration) async throws -> MockERPServer {
    let books = MockBooks(
      strict: configuration.strict, companies: configuration.companies,
      state: configuration.state, now: configuration.now)
    let faults = FaultPlan(configuration.faults, seed: configuration.seed)
    let journal = RequestJournal(limit: configuration.requestJournalLimit)
    let exchange = configuration.exchange.map { folder in
      FileExchange(
        folder: folder, books: books, faults: faults, journal: journal, now: configuration.now)
    }
    let tryton = TrytonDesk(configuration.tryton, now: configuration.now)
    let connections = OpenConnections()
    let responder = MockResponder(
      configuration: configuration, books: books, faults: faults, journal: journal,
      exchange: exchange, tryton: tryton, connections: connections)
    let (listeners, listening) = AsyncThrowingStream<any Channel, any Error>.makeStream()
    var logger = Logger(label: "mock-erp")
    logger.logLevel = .critical
    let application = Application(
      responder: responder, server: .connections,
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port)),
      onServerRunning: { channel in listening.yield(channel) },
      logger: logger)
    let serving = Task {
      do {
        try await application.run()
        listening.finish()
      } catch {
        listening.finish(throwing: error)
      }
    }
    var reason = "it ended at once"
    do {
      for try await listener in listeners {
        let port = listener.localAddress?.port ?? 0
        guard let url = URL(string: "http://\(configuration.host):\(port)") else { break }
        return MockERPServer(
          baseURL: url, port: port, books: books, faults: faults, exchange: exchange,
          tryton: tryton, listener: listener, connections: connections, serving: serving,
          pickingUp: exchange.flatMap { pickUp($0, configuration) })
      }
    } catch {
      reason = "\(error)"
    }
    serving.cancel()
    throw StartFault.notListening(
      host: configuration.host, port: configuration.port, reason: reason)
  }

  /// Ends it: nothing listens any more, open connections are closed, waiting answers are dropped.
  public func stop() async {
    pickingUp?.cancel()
    try? await listener.close()
    connections.closeAll()
    serving.cancel()
    await serving.value
    await pickingUp?.value
  }

  private static func pickUp(
    _ exchange: FileExchange, _ configuration: MockERPConfiguration
  ) -> Task<Void, Never>? {
    guard let interval = configuration.pickUpInterval else { return nil }
    return Task {
      while !Task.isCancelled {
        await exchange.pickUp()
        try? await configuration.sleep(interval)
      }
    }
  }
}

/// The connections that are open, so that stopping does not wait for idle ones.
final class OpenConnections: Sendable {
  private struct State {
    var isStopping = false
    var channels: [ObjectIdentifier: any Channel] = [:]
  }

  private let state = Mutex(State())

  /// Notes a connection until it is closed.
  func note(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let (isNew, isStopping) = state.withLock { state in
      (state.channels.updateValue(channel, forKey: id) == nil, state.isStopping)
    }
    if isStopping { channel.close(promise: nil) }
    guard isNew else { return }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { $0.channels[id] = nil }
    }
  }

  func closeAll() {
    let channels = state.withLock { state in
      state.isStopping = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.close(promise: nil) }
  }
}
