import AuditTrail
import BakeModel
import EnvironmentPromotion
import Foundation
import GenerationLog
import Glibc
import LedgerDatabase
import LinuxSystem

/// A fresh ledger with the views of the three stages, in a directory that goes with it.
public final class TemporaryHistory: Sendable {
    private let directory: String
    /// The ledger.
    public let ledger: Ledger
    /// Its generations.
    public let generations: GenerationLog
    /// Its slots.
    public let promotion: EnvironmentPromotion
    /// Its answers.
    public let audit: AuditTrail

    /// Makes it.
    /// - Parameter views: those that are kept; all, but where a test asks one of them a great deal.
    public init(views: [any LedgerView] = TemporaryHistory.views) throws {
        var template = Array("/tmp/bake-history-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make", "a temporary directory") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        ledger = try Ledger.create(at: "\(directory)/ledger.sqlite", views: views)
        generations = GenerationLog(ledger: ledger)
        promotion = EnvironmentPromotion(ledger: ledger)
        audit = AuditTrail(ledger: ledger)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// The views of the three stages.
    public static var views: [any LedgerView] { [GenerationView(), SlotView(), AuditView()] }

    /// The same ledger, opened as another process would.
    public func reopened() throws -> Ledger { try Ledger.open(at: ledger.path, views: Self.views) }

    /// A ledger that has entries but none of the views: what a stranger appended to it is not looked at.
    public func withoutViews() throws -> Ledger { try Ledger.open(at: ledger.path, views: []) }

    /// The kinds of the entries from a number on.
    public func kinds(from sequence: Int64 = 1) throws -> [String] {
        try ledger.entries(from: sequence, limit: 1000).map(\.act.kind)
    }

    /// The lines with which SQLite explains how it answers a query.
    public func plan(_ query: String) throws -> [String] {
        let nulls = Array(repeating: LedgerValue.null, count: query.count { $0 == "?" })
        return try ledger.read { try $0.rows("EXPLAIN QUERY PLAN \(query)", nulls).map { try $0.text("detail") } }
    }
}
