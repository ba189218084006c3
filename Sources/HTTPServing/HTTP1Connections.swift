package import HummingbirdCore
package import Logging
package import NIOCore
internal import NIOHTTP1
import Synchronization

/// Hummingbird's HTTP/1.1 over connections that may be let in and never served.
///
/// A server that ends can hold a connection that it has accepted and not begun with. NIO ends the
/// process when such a connection is released as it is; here it is closed.
package struct HTTP1Connections: ServerChildChannel {
  private let http: HTTP1Channel

  package init(responder: @escaping HTTPChannelHandler.Responder) {
    http = HTTP1Channel(responder: responder)
  }

  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
    http.setup(channel: channel, logger: logger).flatMapThrowing { parts in
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(ContinueHandler(), position: .after(decoder))
      return Connection(parts)
    }
  }

  package func handle(value connection: Connection, logger: Logger) async {
    await http.handle(value: connection.take(), logger: logger)
  }

  /// A connection that was let in; closed when it is released before anybody served it.
  package final class Connection: ServerChildChannelValue {
    private let parts: HTTP1Channel.Value
    private let isTaken = Atomic(false)

    fileprivate init(_ parts: HTTP1Channel.Value) { self.parts = parts }

    package var channel: any Channel { parts.channel }

    fileprivate func take() -> HTTP1Channel.Value {
      isTaken.store(true, ordering: .relaxed)
      return parts
    }

    deinit {
      guard !isTaken.load(ordering: .relaxed) else { return }
      Task { [parts] in try? await parts.executeThenClose { _, _ in } }
    }
  }
}

extension HTTPServerBuilder {
  /// HTTP/1.1 over ``HTTP1Connections``.
  package static var connections: HTTPServerBuilder {
    HTTPServerBuilder { HTTP1Connections(responder: $0) }
  }
}
