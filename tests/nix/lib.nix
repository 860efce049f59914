# A small module system for tests of nix/module.nix: what lib.evalModules of nixpkgs does for what that module uses,
# written from its manual. Where VPNC_NIXPKGS_LIB names nixpkgs' lib, the same tests run over that one.
let
  inherit (builtins)
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    elemAt
    filter
    foldl'
    head
    isAttrs
    isFunction
    isList
    isPath
    isString
    length
    listToAttrs
    map
    mapAttrs
    removeAttrs
    stringLength
    substring
    tail
    toJSON
    ;

  id = value: value;
  last = list: elemAt list (length list - 1);
  unique = foldl' (seen: one: if elem one seen then seen else seen ++ [ one ]) [ ];
  kindOf = value: if isAttrs value then value._type or "" else "";
  showOption = concatStringsSep ".";
  showFiles = defs: concatStringsSep " and " (map (def: def.file) defs);

  mkOption = attributes: attributes // { _type = "option"; };
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };
  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  defaultPriority = 100;
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;

  # Moves mkIf, mkMerge and mkOverride from an attribute set to its attributes, so that their names are known before any
  # condition is.
  pushDown =
    value:
    let
      kind = kindOf value;
      wrapped = wrap: map (mapAttrs (_: wrap)) (pushDown value.content);
    in
    if kind == "merge" then
      concatMap pushDown value.contents
    else if kind == "if" then
      wrapped (mkIf value.condition)
    else if kind == "override" then
      wrapped (mkOverride value.priority)
    else
      [ value ];

  # Values without mkIf and mkMerge, each with its priority.
  discharge =
    priority: value:
    let
      kind = kindOf value;
    in
    if kind == "merge" then
      concatMap (discharge priority) value.contents
    else if kind == "if" then
      if value.condition then discharge priority value.content else [ ]
    else if kind == "override" then
      [
        {
          inherit (value) priority;
          value = value.content;
        }
      ]
    else
      [ { inherit priority value; } ];

  # Definitions with the strongest priority alone; the value is thrown for where there is none.
  mergeDefinitions =
    loc: type: defs:
    let
      discharged = concatMap (
        def: map (one: one // { inherit (def) file; }) (discharge defaultPriority def.value)
      ) defs;
      highestPrio = foldl' (least: one: if one.priority < least then one.priority else least) 9999 discharged;
      strongest = map (one: { inherit (one) file value; }) (filter (one: one.priority == highestPrio) discharged);
      wrong = filter (one: !type.check one.value) strongest;
    in
    {
      inherit highestPrio;
      definitions = strongest;
      isDefined = strongest != [ ];
      value =
        if strongest == [ ] then
          throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
        else if wrong != [ ] then
          throw "A definition for option `${showOption loc}' is not of type `${type.description}': ${showFiles wrong}"
        else
          type.merge loc strongest;
    };

  types = import ./types.nix {
    inherit
      definitionsOf
      evalModules
      last
      mergeDefinitions
      pushDown
      showFiles
      showOption
      unique
      ;
  };

  definitionsOf =
    name: defs:
    map (def: {
      inherit (def) file;
      value = def.value.${name};
    }) (filter (def: def.value ? ${name}) defs);

  # One option of several declarations.
  mergeDeclarations =
    loc: declarations:
    foldl' (
      merged: one:
      let
        type = merged.type.mergeType one.type;
        twice = filter (name: merged ? ${name} && one ? ${name}) [
          "apply"
          "default"
          "description"
        ];
      in
      if merged == { } then
        one
      else if type == null || twice != [ ] then
        throw "The option `${showOption loc}' is declared twice with ${concatStringsSep ", " ([ "a type" ] ++ twice)}."
      else
        merged // one // { inherit type; }
    ) { } declarations;

  evalOption =
    loc: declarations: defs:
    let
      option = mergeDeclarations loc declarations;
      standard = {
        file = "the declaration";
        value = mkOptionDefault option.default;
      };
      allDefs = (if option ? default then [ standard ] else [ ]) ++ defs;
      merged = mergeDefinitions loc option.type allDefs;
    in
    option
    // {
      inherit loc;
      inherit (merged) highestPrio isDefined;
      definitions = map (def: def.value) merged.definitions;
      definitionsWithLocations = merged.definitions;
      value =
        if option.readOnly or false && length allDefs > 1 then
          throw "The option `${showOption loc}' is read-only, but it's set multiple times."
        else
          (option.apply or id) merged.value;
    };

  # Declarations and definitions from some place of the tree on.
  evalTree =
    prefix: declarations: defs:
    let
      pushed = concatMap (
        def:
        map (value: {
          inherit (def) file;
          inherit value;
        }) (pushDown def.value)
      ) defs;
      names = unique (concatMap attrNames declarations);
      unknown = filter (name: !(elem name names)) (unique (concatMap (def: attrNames def.value) pushed));
      below = map (
        name:
        let
          loc = prefix ++ [ name ];
          here = map (one: one.${name}) (filter (one: one ? ${name}) declarations);
          option = evalOption loc here (definitionsOf name pushed);
          tree = evalTree loc here (definitionsOf name pushed);
          isOption = (head here)._type or "" == "option";
        in
        {
          inherit name;
          option = if isOption then option else tree.options;
          value = if isOption then option.value else tree.config;
          unknown = if isOption then [ ] else tree.unknown;
        }
      ) names;
      gather =
        part:
        listToAttrs (
          map (one: {
            inherit (one) name;
            value = one.${part};
          }) below
        );
    in
    {
      options = gather "option";
      config = gather "value";
      unknown =
        map (name: showOption (prefix ++ [ name ])) unknown ++ concatLists (map (one: one.unknown) below);
    };

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
    }:
    let
      arguments = {
        inherit lib config;
        inherit (tree) options;
      }
      // specialArgs;
      load =
        file: module:
        let
          source = if isPath module then import module else module;
          value = if isFunction source then source arguments else source;
          own = value._file or (if isPath module then toString module else file);
          isWhole = value ? options || value ? config;
          rest = removeAttrs value [
            "_file"
            "imports"
            "options"
            "config"
          ];
        in
        concatMap (load own) (value.imports or [ ])
        ++ [
          {
            file = own;
            options = value.options or { };
            config = if !isWhole then rest else value.config or { };
            stray = if isWhole then attrNames rest else [ ];
          }
        ];
      loaded = concatMap (load "a module") modules;
      stray = concatMap (one: one.stray) loaded;
      tree = evalTree prefix (map (one: one.options) loaded) (
        map (one: {
          inherit (one) file;
          value = one.config;
        }) loaded
      );
      config =
        if stray != [ ] then
          throw "A module has unsupported attributes: ${concatStringsSep ", " stray}"
        else if tree.unknown != [ ] then
          throw "The option `${head tree.unknown}' does not exist."
        else
          tree.config;
    in
    {
      inherit config;
      inherit (tree) options;
    };

  escaped = builtins.replaceStrings [ "." ] [ "[.]" ];

  isOption = value: kindOf value == "option";

  # Every option from a place on, those of submodules with <name> for what the user chooses.
  collectOptions =
    tree:
    concatMap (
      name:
      let
        option = tree.${name};
        placeholder = if option.type.name == "listOf" then "*" else "<name>";
        below =
          if option.type ? options then collectOptions (option.type.options (option.loc ++ [ placeholder ])) else [ ];
      in
      if !(isOption option) then collectOptions option else [ option ] ++ below
    ) (attrNames tree);

  # A value as it is written.
  shown =
    value:
    if isList value then
      if value == [ ] then "[ ]" else "[ ${concatStringsSep " " (map shown value)} ]"
    else if isAttrs value then
      "{ }"
    else
      toJSON value;
  optionAttrSetToDocList =
    options:
    map (option: {
      name = showOption option.loc;
      type = option.type.description;
      readOnly = option.readOnly or false;
      internal = option.internal or false;
      default = if option ? default then { text = shown option.default; } else { };
    }) (collectOptions options);

  lib = {
    inherit
      concatLists
      concatMap
      concatStringsSep
      elem
      evalModules
      filter
      head
      isOption
      last
      length
      listToAttrs
      mapAttrs
      mkDefault
      mkForce
      mkIf
      mkMerge
      mkOption
      mkOptionDefault
      mkOverride
      optionAttrSetToDocList
      showOption
      tail
      types
      ;
    inherit (builtins) attrNames attrValues isPath isString;
    literalExpression = id;
    literalMD = id;
    toInt = text: builtins.fromJSON text;
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    hasSuffix =
      suffix: text:
      stringLength text >= stringLength suffix
      && substring (stringLength text - stringLength suffix) (stringLength suffix) text == suffix;
    splitString = separator: text: filter isString (builtins.split (escaped separator) text);
    setAttrByPath =
      path: value: if path == [ ] then value else { ${head path} = lib.setAttrByPath (tail path) value; };
    hasInfix = infix: text: filter isString (builtins.split (escaped infix) text) != [ text ];
    filterAttrs =
      keep: set:
      listToAttrs (
        concatMap (
          name:
          if keep name set.${name} then
            [
              {
                inherit name;
                value = set.${name};
              }
            ]
          else
            [ ]
        ) (attrNames set)
      );
    mapAttrsToList = function: set: map (name: function name set.${name}) (attrNames set);
    mapAttrs' = function: set: listToAttrs (map (name: function name set.${name}) (attrNames set));
    nameValuePair = name: value: { inherit name value; };
    optional = condition: value: if condition then [ value ] else [ ];
    optionals = condition: values: if condition then values else [ ];
    optionalAttrs = condition: set: if condition then set else { };
  };
in
lib
