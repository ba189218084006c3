/// One fault that was planted: what it matches and what it does.
public struct FaultRule: Hashable, Sendable {
  /// What a call must be like; nil matches everything. A `*` at the end matches any rest.
  public struct Match: Hashable, Sendable {
    public var dialect: String?
    public var company: String?
    public var operation: String?
    public var externalKey: String?
    /// Counts the calls that match everything else, from 1; empty means each of them.
    public var calls: [Int]

    public init(
      dialect: String? = nil, company: String? = nil, operation: String? = nil,
      externalKey: String? = nil, calls: [Int] = []
    ) {
      self.dialect = dialect
      self.company = company
      self.operation = operation
      self.externalKey = externalKey
      self.calls = calls
    }
  }

  public enum Act: Hashable, Sendable {
    /// Nothing but the delay.
    case wait
    /// Answered so, nothing booked.
    case status(Int)
    /// The connection is reset before anything is booked.
    case reset
    /// Cut-off bytes for an answer.
    case malformed(booked: Bool)
    /// Booked, then the connection is closed without an answer.
    case bookThenDrop
    case bookThenStatus(Int)
    /// Booked, and answered after so many milliseconds.
    case bookThenDelay(Int)
    /// The connection is closed at once, and what came is booked after so many milliseconds.
    case dropThenBook(Int)
    /// 429, nothing booked; seconds.
    case throttle(retryAfter: Int)
    /// Every entry is refused.
    case refuse(Refusal)
    /// Some entries of a batch are refused.
    case refusePart(Part, Refusal)
    /// The delivery reaches the books twice.
    case duplicate
  }

  /// Which entries of a batch.
  public enum Part: Hashable, Sendable {
    /// The n-th, the 2n-th and so on, counted from 1.
    case every(Int)
    case keys([String])
  }

  public var name: String?
  public var match: Match
  public var act: Act
  /// Waits so many milliseconds before anything else.
  public var delayMilliseconds: Int
  /// From 0 to 1; nil always acts.
  public var probability: Double?
  /// How often it acts at most; nil without end.
  public var times: Int?

  public init(
    name: String? = nil, match: Match = Match(), act: Act, delayMilliseconds: Int = 0,
    probability: Double? = nil, times: Int? = nil
  ) {
    self.name = name
    self.match = match
    self.act = act
    self.delayMilliseconds = delayMilliseconds
    self.probability = probability
    self.times = times
  }
}

extension FaultRule.Act {
  /// What fault files call it.
  var word: String {
    switch self {
    case .wait: "delay"
    case .status: "status"
    case .reset: "reset"
    case .malformed: "malformed"
    case .bookThenDrop: "bookThenDrop"
    case .bookThenStatus: "bookThenStatus"
    case .bookThenDelay: "bookThenDelay"
    case .dropThenBook: "dropThenBook"
    case .throttle: "throttle"
    case .refuse: "refuse"
    case .refusePart: "refusePart"
    case .duplicate: "duplicate"
    }
  }
}

extension FaultRule.Part {
  func contains(key: String, position: Int) -> Bool {
    switch self {
    case .every(let step): position % step == 0
    case .keys(let keys): keys.contains(key)
    }
  }
}
