<?php
// The front controller: by PATH_INFO, or by what was asked for where the front server gives none.
$path = $_SERVER['PATH_INFO'] ?? '';
if ($path === '') {
    $path = rawurldecode(explode('?', $_SERVER['REQUEST_URI'])[0]);
}
echo rtrim($path, '/') === '/front' ? 'personal:front' : 'public';
