import BakeModel
import Glibc

/// One license test on an image: no license file may have a word of those that container-structure-test knows.
struct StructureLicenseRun {
    let test: StructureLicenses
    let root: any ImageRoot
    private let named = StructureCheck(resource: "licenseTest", id: "License Test")
    private static let forbidden = ["AGPL", "WTFPL"]
    private static let documents = "/usr/share/doc"
    /// Names of AGPL and WTFPL stand in its file for something else.
    private static let exception = "libgnutls30"

    init(test: StructureLicenses, root: any ImageRoot) {
        self.test = test
        self.root = root
    }

    /// A check for the packages where they are asked for, and one for each file.
    func checks() -> [Verdict.Check] {
        (test.asksDebian ? [check("debian", packages)] : [])
            + test.files.map { path in check("files \(path)") { problem(with: path).map { [$0] } ?? [] } }
    }

    private func check(_ property: String, _ problems: () throws -> [String]) -> Verdict.Check {
        let start = ContinuousClock.now
        let outcome: Verdict.Outcome
        do {
            let found = try problems()
            let expected = "a license without \(Self.forbidden.joined(separator: " and "))"
            outcome = found.isEmpty ? .passed : .failed(expected: expected, found: Shown.list(found))
        } catch {
            outcome = .error(ResourceCheck.text(of: error))
        }
        return named.check(property, outcome, (ContinuousClock.now - start).milliseconds)
    }

    /// Every directory of documents is a package's.
    private func packages() throws -> [String] {
        guard try root.targetStatus(of: Self.documents)?.kind == S_IFDIR else { return ["no \(Self.documents)"] }
        return try root.names(in: Self.documents).filter { $0 != Self.exception }.map { "\(Self.documents)/\($0)" }
            .filter { try root.status(of: $0)?.kind == S_IFDIR }.compactMap { problem(with: "\($0)/copyright") }
    }

    /// What is wrong with a license's file; nil where nothing is.
    private func problem(with path: String) -> String? {
        let text: [UInt8]
        do { text = try root.contents(of: path) } catch {
            return "\(path): \((error as? any ExplainedError)?.reason ?? "\(error)")"
        }
        let capitals = text.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 - 32 : $0 }
        return Self.forbidden.first { capitals.containsSequence(Array($0.utf8)) }.map { "\(path): \($0)" }
    }
}
