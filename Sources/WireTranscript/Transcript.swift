import Synchronization

/// What was said on the wire during one call to an ERP, in the order in which it was said.
///
/// The engine sets one for each call; transports write into ``current`` where there is one, so that
/// adapters need not. What it holds is whole and may hold secrets: the engine takes out what
/// ``secrets`` names, and cuts what is too long, before anything is kept.
public final class Transcript: Sendable {
  /// That of the call under way; nil where nobody keeps one.
  @TaskLocal public static var current: Transcript?

  /// One message and what came back.
  public struct Exchange: Hashable, Sendable {
    public var sent: String
    /// Since the call began.
    public var sentAfter: Duration
    /// nil when nothing has come back.
    public var heard: String?
    public var heardAfter: Duration?
  }

  /// Which exchange an answer belongs to.
  public struct Place: Hashable, Sendable {
    fileprivate let index: Int
  }

  private struct Content {
    var exchanges: [Exchange] = []
    var secrets: Set<String> = []
  }

  private let content = Mutex(Content())
  private let elapsed: @Sendable () -> Duration

  /// - Parameter elapsed: time since the call began.
  public init(elapsed: @escaping @Sendable () -> Duration) {
    self.elapsed = elapsed
  }

  /// Notes a message that is about to leave.
  public func sends(_ text: String) -> Place {
    let after = elapsed()
    return content.withLock { content in
      content.exchanges.append(Exchange(sent: text, sentAfter: after))
      return Place(index: content.exchanges.count - 1)
    }
  }

  /// Notes what came back, or why nothing did.
  public func hears(_ text: String, to place: Place) {
    let after = elapsed()
    content.withLock { content in
      content.exchanges[place.index].heard = text
      content.exchanges[place.index].heardAfter = after
    }
  }

  /// Names a secret that this call uses and that nobody could name before: a token fetched on the way.
  public func hide(_ secret: String) {
    content.withLock { content in _ = content.secrets.insert(secret) }
  }

  /// As far as the call has come.
  public var exchanges: [Exchange] { content.withLock { $0.exchanges } }

  public var secrets: [String] { content.withLock { $0.secrets.sorted() } }
}
