import AuditTrail
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What an auditor must not overlook about a span: who signed, what was done past its gates, what is rejected or failed a
/// later test and is still there.
struct AuditNotes {
    let store: BakeStore
    private let failed: [Digest: [FailedTest]]
    private let rejected: [Digest: (reason: String, entry: Int64)]
    private let policy: Policy

    /// Prepares the notes of some spans.
    init(_ spans: [AuditSpan], in store: BakeStore) throws {
        self.store = store
        failed = try store.failedTests(of: Set(spans.map(\.generation.image)))
        rejected = try store.promotion.rejections()
        policy = try store.promotion.policy()
    }

    /// The notes of a span, a line each.
    func lines(_ span: AuditSpan) throws -> [String] {
        let standing = span.until == nil ? rejection(span).map { ["  REJECTED and still there: \($0)"] } ?? [] : []
        return try approvals(span) + glass(span) + admission(span) + standing + failures(span)
            + clock(span).map { "  \($0)" }
    }

    private func approvals(_ span: AuditSpan) throws -> [String] {
        try approvalGates(span).map { gate in
            let reasons = try gate.entries.compactMap { number in
                try store.ledger.entries(from: number, limit: 1).first.flatMap(ActsReport.reason).map { " \"\($0)\"" }
            }
            return "  approved \(gate.explanation)  \(Self.entries(gate.entries))\(reasons.joined(separator: ","))"
        }
    }

    private func approvalGates(_ span: AuditSpan) -> [SlotMove.Gate] {
        span.move.gates.filter { $0.isMet && $0.name.hasPrefix("approve ") }
    }

    /// Who approved, each with the entry that says so, as `bob (signed) entry 6`.
    func approvers(_ span: AuditSpan) throws -> [String] {
        try approvalGates(span).flatMap(\.entries).compactMap { number in
            try store.ledger.entries(from: number, limit: 1).first.map { "\($0.actor.text) entry \(number)" }
        }
    }

    /// A rollback asks no gate: the promotion that brought the generation there before it was judged.
    private func admission(_ span: AuditSpan) throws -> [String] {
        guard let first = try store.audit.admission(of: span) else { return [] }
        let who = first.move.isAutomatic ? "policy, for \(first.actor.text)" : first.actor.text
        let why = first.move.reason.map { " \"\($0)\"" } ?? ""
        return ["  let in by the gates of entry \(first.entry): promoted \(first.since) by \(who)\(why)"]
            + (try approvals(first) + glass(first)).map { "  \($0)" }
    }

    /// Why the span's beginning is not known better.
    func clock(_ span: AuditSpan) -> [String] {
        let ahead = span.wrongTime.map {
            "TIME UNKNOWN: the clock said \($0), which was corrected since; it came there before \(span.since)"
        }
        let behind = span.slowClock.map {
            "CLOCK BEHIND: it said \($0), and the entry before is of \(span.since); it came there then or later"
        }
        return [ahead, behind].compactMap(\.self)
    }

    private func glass(_ span: AuditSpan) throws -> [String] {
        guard let reason = span.move.brokenGlass else { return [] }
        let unmet = span.move.gates.filter { !$0.isMet }.map(\.name).joined(separator: ", ")
        let closing = try store.promotion.closing(ofGlass: span.entry, in: span.slot)
        let seen = try store.promotion.reviewers(ofGlass: span.entry, in: span.slot).map(\.text)
        let by = seen.isEmpty ? "" : ", looked at by \(seen.joined(separator: ", "))"
        let state =
            closing.map { "settled in entry \($0)\(by)" }
            ?? (seen.isEmpty ? "open: no second person signed" : "open: another person signs too\(by)")
        return ["  GLASS BROKEN \"\(reason)\"  past \(unmet)  \(state)"]
    }

    /// Why a span's image was rejected, as `leaks  entry 12`, also where it is gone since; nil where it was not.
    func rejection(_ span: AuditSpan) -> String? {
        rejected[span.generation.image].map { "\($0.reason)  entry \($0.entry)" }
    }

    /// What later tests of the image found, also where it is gone since.
    private func failures(_ span: AuditSpan) -> [String] {
        let place = span.until == nil ? " and still there" : ""
        return failedTests(span).map { "  TEST FAILED\(place): \($0.text)" }
    }

    /// The tests that a span's image fails.
    func failedTests(_ span: AuditSpan) -> [FailedTest] {
        (failed[span.generation.image] ?? []).filter { $0.stands(in: span.slot.environment, by: policy) }
    }

    private static func entries(_ numbers: [Int64]) -> String {
        "entr\(numbers.count == 1 ? "y" : "ies") \(numbers.map(String.init).joined(separator: ", "))"
    }
}
