import HTTPServing
import Logging
import NIOCore
import NIOEmbedded
import Testing

@Suite struct HTTP1ConnectionsTests {
  @Test(.timeLimit(.minutes(1)))
  func `a connection that was let in and never served is closed`() async throws {
    let channel = NIOAsyncTestingChannel()
    try await letIn(channel)
    try await withTaskCancellationHandler {
      try await channel.closeFuture.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  private func letIn(_ channel: NIOAsyncTestingChannel) async throws {
    let connections = HTTP1Connections { _, _, _ in }
    let connection = try await channel.testingEventLoop.executeInContext {
      connections.setup(channel: channel, logger: Logger(label: "test"))
    }
    _ = try await connection.get()
  }
}
