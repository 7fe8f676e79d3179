import AuditTrail
import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What an auditor must not overlook about a span: who signed, what was done past its gates, what is rejected and still
/// there.
struct AuditNotes {
    let store: BakeStore

    /// The notes of a span, a line each.
    func lines(_ span: AuditSpan) -> [String] {
        let approvals = span.move.gates.filter { $0.isMet && $0.name.hasPrefix("approve ") }.map { gate in
            "  approved \(gate.explanation)  \(Self.entries(gate.entries))"
        }
        return approvals + glass(span) + rejection(span) + clock(span)
    }

    private func clock(_ span: AuditSpan) -> [String] {
        guard let time = span.wrongTime else { return [] }
        return ["  TIME UNKNOWN: the clock said \(time), which was corrected since; it came there before \(span.since)"]
    }

    private func glass(_ span: AuditSpan) -> [String] {
        guard let reason = span.move.brokenGlass else { return [] }
        let unmet = span.move.gates.filter { !$0.isMet }.map(\.name).joined(separator: ", ")
        let closing = try? store.promotion.closing(ofGlass: span.entry, in: span.slot)
        let state = closing.flatMap { $0 }.map { "settled in entry \($0)" } ?? "open: no second person signed"
        return ["  GLASS BROKEN \"\(reason)\"  past \(unmet)  \(state)"]
    }

    private func rejection(_ span: AuditSpan) -> [String] {
        guard span.until == nil, let found = try? store.promotion.rejection(of: span.generation.image) else {
            return []
        }
        return ["  REJECTED and still there: \(found.reason)  entry \(found.entry)"]
    }

    private static func entries(_ numbers: [Int64]) -> String {
        "entr\(numbers.count == 1 ? "y" : "ies") \(numbers.map(String.init).joined(separator: ", "))"
    }
}
