import AdapterKit

extension OutcomeTable.Row {
  /// What the dialect's codes and statuses mean. What is not here is unknown.
  static let genericREST: [OutcomeTable.Row] = [
    // Whatever code it gives: the ERP may have fallen over after it booked.
    statuses([500, 502, 504], .unknown),
    codes(["closed_period"], .rejected(.periodClosed)),
    codes(["unknown_account", "blocked_account"], .rejected(.unknownAccount)),
    codes(["unknown_party", "party_required"], .rejected(.unknownParty)),
    codes(["invalid_tax"], .rejected(.tax)),
    codes(["duplicate_key"], .rejected(.duplicateWithOtherContent)),
    codes(
      [
        "missing_field", "external_key_too_long", "invalid_date", "unknown_currency",
        "wrong_functional_currency", "too_few_lines", "invalid_side", "invalid_amount",
        "too_many_decimals", "unbalanced", "duplicate_number", "reserved_number", "malformed",
        "idempotency_key_mismatch", "batch_too_large", "body_too_large",
      ], .rejected(.validation)),
    codes(["unauthorized", "forbidden"], .retryLater(.connection, .credentials)),
    codes(
      ["unknown_company", "method_not_allowed", "invalid_parameter"],
      .retryLater(.connection, .configuration)),
    codes(["too_many_requests"], .retryLater(.connection, .throttled)),
    statuses([401, 403], .retryLater(.connection, .credentials)),
    statuses([404, 405, 407, 415], .retryLater(.connection, .configuration)),
    statuses([413], .rejected(.validation)),
    statuses([429], .retryLater(.connection, .throttled)),
  ].flatMap { $0 }
}
