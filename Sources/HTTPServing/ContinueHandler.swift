import NIOCore
import NIOHTTP1

/// Tells a client that asks before it sends a long body (`Expect: 100-continue`, RFC 9110 10.1.1) to
/// go on; without an answer clients wait for a second or more.
final class ContinueHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data), head.isWaitingToSend {
      let answer = HTTPResponseHead(version: head.version, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
    }
    context.fireChannelRead(data)
  }
}

extension HTTPRequestHead {
  fileprivate var isWaitingToSend: Bool {
    version == .http1_1
      && headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
  }
}
