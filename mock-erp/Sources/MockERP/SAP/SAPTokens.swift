import Digest
import Foundation
import Synchronization

/// The access tokens and CSRF tokens that were given out.
final class SAPTokens: Sendable {
  private struct State {
    var expiry: [String: Date] = [:]
    /// CSRF token by session cookie.
    var sessions: [String: String] = [:]
  }

  private static let bytes = 24

  private let state = Mutex(State())
  private let now: @Sendable () -> Date

  init(now: @escaping @Sendable () -> Date) {
    self.now = now
  }

  func issue(lifetime: Int) -> String {
    let token = Hex.encode(SecureRandom().bytes(Self.bytes))
    state.withLock { $0.expiry[token] = now().addingTimeInterval(Double(lifetime)) }
    return token
  }

  func isValid(_ token: String) -> Bool {
    state.withLock { state in state.expiry[token].map { now() < $0 } ?? false }
  }

  /// A new session and its CSRF token.
  func openSession() -> (cookie: String, token: String) {
    let cookie = Hex.encode(SecureRandom().bytes(Self.bytes))
    let token = Hex.encode(SecureRandom().bytes(Self.bytes))
    state.withLock { $0.sessions[cookie] = token }
    return (cookie, token)
  }

  func isValid(csrf token: String, session cookie: String) -> Bool {
    state.withLock { $0.sessions[cookie] == token }
  }
}
