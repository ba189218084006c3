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

  @Test(
    arguments: [
      ("HTTP/1.1", "Expect: 100-continue", "HTTP/1.1 100 Continue\r\n\r\n"),
      ("HTTP/1.1", "expect: 100-Continue", "HTTP/1.1 100 Continue\r\n\r\n"),
      ("HTTP/1.1", "Expect: nothing", nil), ("HTTP/1.1", "X-Expect: 100-continue", nil),
      ("HTTP/1.0", "Expect: 100-continue", nil),
    ])
  func `a client that asks before it sends its body is told to go on`(
    version: String, header: String, answer: String?
  ) async throws {
    let channel = NIOAsyncTestingChannel()
    let connection = try await letIn(channel)
    try await channel.writeInbound(
      ByteBuffer(
        string: "POST / \(version)\r\nHost: here\r\n\(header)\r\nContent-Length: 2\r\n\r\n"))
    let sent = try await channel.readOutbound(as: ByteBuffer.self)
    #expect(sent.map { String(buffer: $0) } == answer)
    withExtendedLifetime(connection) {}
  }

  @discardableResult
  private func letIn(_ channel: NIOAsyncTestingChannel) async throws -> HTTP1Connections.Connection
  {
    let connections = HTTP1Connections { _, _, _ in }
    let connection = try await channel.testingEventLoop.executeInContext {
      connections.setup(channel: channel, logger: Logger(label: "test"))
    }
    return try await connection.get()
  }
}
