import BakeModel
import Glibc

/// What `systemctl is-enabled` calls a unit. systemctl(1).
enum UnitFileState: Hashable {
    case enabled, enabledRuntime, linked, alias, masked, `static`, indirect, disabled, generated, notFound

    /// Whether systemctl(1) ends with 0, which is all that goss looks at.
    var isEnabled: Bool {
        switch self {
        case .enabled, .enabledRuntime, .alias, .static, .indirect, .generated: true
        case .linked, .masked, .disabled, .notFound: false
        }
    }
}

/// The links to a unit: in `.wants` and `.requires` by its name, and beside the units by another name.
/// `find_symlinks_in_scope` of systemd's src/shared/install.c.
struct UnitLinks {
    let root: any ImageRoot
    let directories: [String]
    let unit: UnitFile

    /// What a directory's links say.
    private struct Found {
        /// Whether one enables the unit.
        var enables = false
        /// Whether one has the unit's own name, and leads out of the directories.
        var hasSameName = false
    }

    /// The state that links give it; nil where there are none.
    /// - Parameter knownOnly: whether only links count that its `[Install]` section would make.
    func state(knownOnly: Bool) throws -> UnitFileState? {
        var isInRuntime = false
        var isAnywhere = false
        var sameName: UnitFileState?
        // What stands below the unit's own file has no say.
        var isBelow = false
        for directory in directories {
            let found = try links(in: directory, knownOnly, isBelow)
            let isRuntime = directory.hasPrefix("/run/")
            if found.enables {
                if directory == UnitFileSearch.configuration { return .enabled }
                if isRuntime { isInRuntime = true } else { isAnywhere = true }
            } else if found.hasSameName, directory == UnitFileSearch.configuration || isRuntime {
                sameName = .linked
            }
            isBelow = isBelow || unit.path.hasPrefix("\(directory)/")
        }
        if isInRuntime { return .enabledRuntime }
        if isAnywhere, unit.name.template != nil { return .static }
        return sameName
    }

    private func links(in directory: String, _ knownOnly: Bool, _ isBelow: Bool) throws -> Found {
        let names = try root.names(in: directory)
        for wish in names where [".wants", ".requires"].contains(where: wish.hasSuffix) {
            let place = "\(directory)/\(wish)"
            // A link to such a directory is none.
            guard try root.status(of: place).map({ $0.kind == S_IFDIR }) == true else { continue }
            for link in try root.names(in: place) where fits(link) && (!knownOnly || unit.isKnown(as: link)) {
                if try root.linkTargetIfPresent(of: "\(place)/\(link)") != nil { return Found(enables: true) }
            }
        }
        return try aliases(in: directory, names, knownOnly, isBelow)
    }

    /// Whether a link among the wishes is one to this unit, or to an instance of it.
    private func fits(_ link: String) -> Bool {
        link == unit.name.text || UnitName(link).template?.text == unit.name.text
    }

    private func aliases(in directory: String, _ names: [String], _ knownOnly: Bool, _ isBelow: Bool) throws -> Found {
        var found = Found()
        for link in names {
            guard let target = try root.linkTargetIfPresent(of: "\(directory)/\(link)") else { continue }
            let leadsHere = String(decoding: target, as: UTF8.self).split(separator: "/").last ?? "" == unit.name.text
            let isOwn = !isBelow && link == unit.name.text
            if isOwn, leadsHere {
                found.hasSameName = true
            } else if leadsHere || isOwn, !knownOnly || unit.isKnown(as: link) {
                return Found(enables: true, hasSameName: found.hasSameName)
            }
        }
        return found
    }
}
