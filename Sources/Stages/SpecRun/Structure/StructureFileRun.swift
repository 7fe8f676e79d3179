import BakeModel
import Glibc
import LinuxSystem

/// One file existence test on an image.
struct StructureFileRun {
    let test: StructureExistence
    let path: String
    let root: any ImageRoot

    /// A check for each thing that the test asks.
    func checks() -> [Verdict.Check] {
        let named = StructureCheck(resource: "fileExistenceTest", id: test.name)
        let status: FileFacts?
        do { status = try root.status(of: path) } catch {
            return [named.check("shouldExist", .error(ResourceCheck.text(of: error)))]
        }
        let exists = named.equal("shouldExist", test.shouldExist, status != nil) { String($0) }
        guard test.shouldExist, let status else { return [exists] }
        return [exists] + facts(status, named)
    }

    private func facts(_ status: FileFacts, _ named: StructureCheck) -> [Verdict.Check] {
        var checks: [Verdict.Check] = []
        let permissions = GoFileMode.text(status.mode)
        if let expected = test.permissions {
            checks.append(named.equal("permissions", expected, permissions) { Shown.text($0.utf8) })
        }
        if let executor = test.isExecutableBy {
            let isExecutable = status.mode & executor.bits != 0
            checks.append(
                named.check(
                    "isExecutableBy",
                    isExecutable
                        ? .passed
                        : .failed(expected: "executable by \(executor.rawValue)", found: Shown.text(permissions.utf8))))
        }
        if let uid = test.uid { checks.append(named.equal("uid", uid, Int64(status.user)) { String($0) }) }
        if let gid = test.gid { checks.append(named.equal("gid", gid, Int64(status.group)) { String($0) }) }
        return checks
    }
}

extension StructureExistence.Executor {
    fileprivate var bits: mode_t {
        switch self {
        case .any: 0o111
        case .owner: 0o100
        case .group: 0o010
        case .other: 0o001
        }
    }
}

/// A file's kind and mode as Go's `os.FileMode.String` spells them: `-rw-r--r--`, `dtrwxrwxrwx`, `Lrwxrwxrwx`.
enum GoFileMode {
    static func text(_ mode: mode_t) -> String {
        var letters =
            switch mode & S_IFMT {
            case S_IFDIR: "d"
            case S_IFLNK: "L"
            case S_IFBLK: "D"
            case S_IFIFO: "p"
            case S_IFSOCK: "S"
            case S_IFCHR: "D"
            default: ""
            }
        if mode & S_ISUID != 0 { letters += "u" }
        if mode & S_ISGID != 0 { letters += "g" }
        if mode & S_IFMT == S_IFCHR { letters += "c" }
        if mode & S_ISVTX != 0 { letters += "t" }
        let bits = zip("rwxrwxrwx", 0...).map { letter, index in mode & (0o400 >> index) != 0 ? letter : "-" }
        return (letters.isEmpty ? "-" : letters) + String(bits)
    }
}
