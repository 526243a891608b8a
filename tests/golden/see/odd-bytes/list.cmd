tree --list --raw -o id,parent,target,fsroot,vfs-options,fs-options,marks,hidden-by
