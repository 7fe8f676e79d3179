import BakeModel
import Glibc
import RegularExpressions

/// The checks of a structure test on one image, inside the namespaces where the image is mounted.
///
/// Their order is container-structure-test's: commands, contents, existence, licenses, metadata. Each test has a check for every
/// thing that it asks; the test passes where all of them do.
struct StructureSuite {
    let file: StructureFile
    let configuration: ImageConfiguration
    let processes: any ImageProcesses

    /// Looks at everything.
    func checks(in root: any ImageRoot) -> [Verdict.Check] { checks { fileChecks(in: root) } }

    /// Looks at everything, at files last but for the configuration.
    func checks(files: () -> [Verdict.Check]) -> [Verdict.Check] {
        file.commands.flatMap { StructureCommandRun($0, of: file, configuration, processes).checks() } + files()
            + (file.metadata.map { StructureMetadataRun(test: $0, configuration: configuration).checks() } ?? [])
    }

    /// Looks at files.
    func fileChecks(in root: any ImageRoot) -> [Verdict.Check] {
        file.contents.flatMap { checks($0, in: root) }
            + file.files.flatMap { StructureFileRun(test: $0, path: expanded($0.path), root: root).checks() }
            + file.licenses.flatMap { StructureLicenseRun(test: $0, root: root).checks() }
    }

    /// What is known of files where nobody can look.
    func fileChecks(failing error: any Error) -> [Verdict.Check] {
        let names =
            file.contents.map { StructureCheck(resource: "fileContentTest", id: $0.name) }
            + file.files.map { StructureCheck(resource: "fileExistenceTest", id: $0.name) }
            + file.licenses.map { _ in StructureCheck(resource: "licenseTest", id: "License Test") }
        return names.map { $0.check("path", .error(ResourceCheck.text(of: error))) }
    }

    /// File paths may name variables of the image's environment.
    private func expanded(_ path: String) -> String {
        ShellWords.expanded(path, StructureCommandRun.environment(of: file, configuration))
    }

    private func checks(_ test: StructureContent, in root: any ImageRoot) -> [Verdict.Check] {
        let start = ContinuousClock.now
        let named = StructureCheck(resource: "fileContentTest", id: test.name)
        let bytes: [UInt8]
        do {
            bytes = try root.contents(of: test.path)
        } catch {
            let reason = (error as? any ExplainedError)?.reason ?? "\(error)"
            return [named.check("path", .failed(expected: "a file \(test.path)", found: reason))]
        }
        let patterns = [("expectedContents", test.expected, true), ("excludedContents", test.excluded, false)]
        let checks = patterns.compactMap { named.patterns($0, $1, in: bytes, expected: $2) }
        let duration = (ContinuousClock.now - start).milliseconds
        return checks.isEmpty ? [named.check("path", .passed, duration)] : checks
    }
}

/// How checks of one test are made.
struct StructureCheck {
    let resource: String
    let id: String

    func check(_ property: String, _ outcome: Verdict.Outcome, _ milliseconds: Int64 = 0) -> Verdict.Check {
        Verdict.Check(resource: resource, id: id, property: property, outcome: outcome, milliseconds: milliseconds)
    }

    /// Compares two values.
    func equal<Value: Equatable>(
        _ property: String, _ expected: Value, _ found: Value, shown: (Value) -> String
    ) -> Verdict.Check {
        let outcome: Verdict.Outcome =
            expected == found ? .passed : .failed(expected: shown(expected), found: shown(found))
        return Verdict.Check(
            resource: resource, id: id, property: property, outcome: outcome, milliseconds: 0,
            expected: shown(expected))
    }

    /// Looks for patterns that must be in a text, or must not; nil where there are none.
    /// - Parameter shown: makes of the text what people may see of it.
    func patterns(
        _ property: String, _ patterns: [String], in text: [UInt8], expected: Bool,
        shown: ([UInt8]) -> [UInt8] = { $0 }
    ) -> Verdict.Check? {
        if patterns.isEmpty { return nil }
        do throws(RegularExpression.Fault) {
            var wrong: [String] = []
            for pattern in patterns where try RegularExpression(pattern).matches(text) != expected {
                wrong.append(Shown.text(pattern.utf8))
            }
            if wrong.isEmpty { return check(property, .passed) }
            let list = Shown.list(wrong)
            return check(
                property, .failed(expected: expected ? list : "none of \(list)", found: Shown.text(shown(text))))
        } catch {
            return check(property, .error("the regular expression \(Shown.text(error.pattern.utf8)): \(error.reason)"))
        }
    }
}
