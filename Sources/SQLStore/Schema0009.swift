/// What was sent and what came back, by attempt.
enum Schema0009 {
  static let sql = """
    -- The SHA-256 of what the table evidence keeps of the call.
    ALTER TABLE attempts ADD COLUMN evidence BLOB;
    """
}
