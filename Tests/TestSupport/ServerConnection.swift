import Glibc

/// One accepted connection of a ``ScriptedServer``, used by its own thread.
struct ServerConnection: Sendable {
  let socket: Int32

  /// - Returns: whether the connection is still of use.
  func perform(_ steps: [ServerStep]) -> Bool {
    steps.allSatisfy { perform($0) }
  }

  private func perform(_ step: ServerStep) -> Bool {
    switch step {
    case .send(let bytes):
      return send(bytes)
    case .dribble(let bytes, let pause):
      return bytes.allSatisfy { send([$0]) && !clientLeaves(within: pause) }
    case .flood(let bytes):
      while send(bytes) {}
      return false
    case .wait(let gate):
      gate.wait()
      return true
    case .hang:
      while !receive().isEmpty {}
      return false
    case .close:
      return false
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(
        socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
      return false
    }
  }

  /// Some bytes; empty at the end.
  func receive() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      count = max(0, recv(socket, buffer.baseAddress, buffer.count, 0))
    }
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private func clientLeaves(within milliseconds: Int32) -> Bool {
    var wish = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&wish, 1, milliseconds) > 0
  }
}
