import AuditTrail
import BakeModel

/// Spans for people and for programs.
struct AuditReport {
    let session: CommandSession
    let spans: [AuditSpan]
    let notes: AuditNotes

    /// Three lines a span. Until hosts report, the words are "was promoted", never "ran".
    func lines() throws -> [String] {
        guard !spans.isEmpty else { return ["was never promoted anywhere"] }
        return try spans.flatMap(lines)
    }

    /// The spans; one that a rollback began names the promotion whose gates let its generation in.
    func document() throws -> JSON {
        let documents = try spans.map { span in
            var members = span.json.members ?? [:]
            members["admission"] = try notes.store.audit.admission(of: span)?.json
            let failed = notes.failedTests(span).map(\.json)
            if !failed.isEmpty { members["failed-tests"] = .array(failed) }
            return JSON.object(members)
        }
        return ["schema": "bake/audit/1", "spans": .array(documents)]
    }

    /// RFC 4180, with the names of the columns first.
    func csv() throws -> [String] {
        try [
            "slot,generation,image,since,until,commit,author,source,passed,failed,direction,actor,reason,entry,automatic,broken_glass,gates,approvers,failed_tests,rejected,clock"
        ]
            + spans.map { span in
                let approvers = try notes.approvers(span).joined(separator: "; ")
                let failed = notes.failedTests(span).map(\.text).joined(separator: "; ")
                let clock = notes.clock(span).joined(separator: "; ")
                return (span.csvFields + [approvers, failed, notes.rejection(span) ?? "", clock])
                    .map(Self.quoted).joined(separator: ",")
            }
    }

    private func lines(_ span: AuditSpan) throws -> [String] {
        let generation = span.generation
        let until = span.until.map { "to \(session.local($0))" } ?? "still there"
        let how = span.move.direction == .rollback ? "rolled back by" : "promoted by"
        let why = span.move.reason.map { " \"\($0)\"" } ?? ""
        let who = span.move.isAutomatic ? "policy, for \(span.actor.text)" : span.actor.text
        let verdict = generation.verdict.map { "spec \($0.text)" } ?? "no spec"
        let lines = [
            "\(generation.id)  \(generation.image.short)  \(span.slot)  from \(session.local(span.since)) \(until)",
            "  commit \(generation.commit.id.short) \(generation.commit.author) \"\(generation.commit.summary)\"  \(verdict)",
            "  \(how) \(who)\(why)\(Self.job(span.actor))  entry \(span.entry)",
        ]
        return (lines + (try notes.lines(span))).map(TerminalText.escaped)
    }

    private static func job(_ actor: Actor) -> String {
        (actor.job["BUILD_TAG"] ?? actor.job["BUILD_URL"]).map { "  job \($0) (claimed)" } ?? ""
    }

    static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"\(field.replacing("\"", with: "\"\""))\""
    }
}

extension AuditSpan {
    fileprivate var csvFields: [String] {
        [
            slot.description, generation.id.description, generation.image.description, since.description,
            until?.description ?? "", generation.commit.id.hex, generation.commit.author, generation.source,
            generation.verdict.map { String($0.passed) } ?? "", generation.verdict.map { String($0.failed) } ?? "",
            move.direction.rawValue, actor.text, move.reason ?? "", String(entry),
            move.isAutomatic ? "yes" : "no", move.brokenGlass ?? "",
            move.gates.map { "\($0.name) \($0.isMet ? "ok" : "unmet")" }.joined(separator: "; "),
        ]
    }
}
