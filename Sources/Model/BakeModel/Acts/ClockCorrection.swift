/// The clock under which the latest entries were written was ahead. Times begin anew with this entry: its own is what the
/// clock says now, and whatever stands before it happened before that.
public struct ClockCorrection: RecordedAct {
    public static let kind = "clock"

    /// The first entry whose time was ahead of the clock.
    public let first: Int64
    /// The time of the entry before this one.
    public let ahead: Timestamp
    /// Why, in the words of who did it.
    public let reason: String
    /// What was signed, and by whom; nil where the policy has no operators and nobody signed.
    public let signed: SignedStatement?

    /// Describes a correction.
    public init(first: Int64, ahead: Timestamp, reason: String, signed: SignedStatement?) {
        self.first = first
        self.ahead = ahead
        self.reason = reason
        self.signed = signed
    }

    public var subjects: [Subject] { [.clock] }

    public var body: JSON {
        .record([
            "first": .number(first), "ahead": .string(ahead.description), "reason": .string(reason),
            "signed": signed?.json,
        ])
    }

    public init?(body: JSON) {
        guard let first = body["first"]?.number, let ahead = body["ahead"]?.string.flatMap({ Timestamp($0) }),
            let reason = body["reason"]?.string, let signed = body.optional("signed", SignedStatement.init)
        else { return nil }
        self.init(first: first, ahead: ahead, reason: reason, signed: signed)
    }
}

extension Act {
    /// The time of an entry of this act: never before the entry before, but for a correction of the clock.
    public func time(clock: Timestamp, after previous: Timestamp?) -> Timestamp {
        kind == ClockCorrection.kind ? clock : max(previous ?? clock, clock)
    }
}
